import torch
import torch.nn as nn
import torch.nn.functional as F
import math


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 8)

    def forward(self, x, n):
        h = torch.tanh(self.a(x))
        m = torch.arange(5)[None] < n[:, None]
        return h.masked_fill(~m[..., None], 0.0)


def get_inputs():
    return [torch.randn(3, 5, 8), torch.tensor([5, 4, 2])]


def get_init_inputs():
    return []
