import math
import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self, dim=16):
        super().__init__()
        self.in_proj = nn.Linear(dim, 3 * dim)
        self.out_proj = nn.Linear(dim, dim)

    def forward(self, x):
        q, k, v = self.in_proj(x).chunk(3, dim=-1)
        w = F.softmax(torch.bmm(q, k.transpose(1, 2)) / math.sqrt(q.shape[-1]), dim=-1)
        return self.out_proj(torch.bmm(w, v))


def get_inputs():
    return [torch.randn(2, 5, 16)]


def get_init_inputs():
    return []
