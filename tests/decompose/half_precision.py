"""Weights and inputs of half precision, with one part in full."""

import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear = nn.Linear(width, width, dtype=torch.bfloat16)
        self.norm = nn.LayerNorm(width)

    def forward(self, x):
        y = self.linear(x)
        y = self.norm(y.float()).to(x.dtype)
        return torch.softmax(y, dim=-1)


def get_inputs():
    return [torch.randn(2, 4, 6, dtype=torch.bfloat16)]


def get_init_inputs():
    return [6]
