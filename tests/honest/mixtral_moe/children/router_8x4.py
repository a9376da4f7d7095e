import torch
import torch.nn as nn
import torch.nn.functional as F
import math


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.gate = nn.Linear(8, 4, bias=False)

    def forward(self, x):
        w = F.softmax(self.gate(x), dim=1, dtype=torch.float)
        w, sel = torch.topk(w, 2, dim=-1)
        return w / w.sum(dim=-1, keepdim=True), sel


def get_inputs():
    return [torch.randn(12, 8)]


def get_init_inputs():
    return []
