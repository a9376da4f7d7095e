"""Lists and generators over modules, with products in them."""

import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = nn.ModuleList([nn.Linear(width, 2) for _ in range(heads)])
        self.gates = nn.ModuleList(nn.Linear(width, 1) for _ in range(heads))

    def forward(self, x):
        parts = [torch.tanh(head(x)) for head in self.heads]
        gated = [p * torch.sigmoid(g(x)) for p, g in zip(parts, self.gates)]
        total = sum(g.mean(-1, keepdim=True) for g in gated)
        return torch.cat(gated, dim=-1), total


def get_inputs():
    return [torch.randn(2, 4, 6)]


def get_init_inputs():
    return [6, 3]
