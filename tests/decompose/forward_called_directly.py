"""Modules that are entered by their forward, not by a call."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Mlp(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.wide = nn.Linear(width, 2 * width)
        self.narrow = nn.Linear(2 * width, width)

    def forward(self, x):
        return self.narrow.forward(F.gelu(self.wide(x)))


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.mlp = Mlp(width)
        self.norm = nn.LayerNorm(width)

    def forward(self, x):
        return x + self.mlp.forward(self.norm(x))


def get_inputs():
    return [torch.randn(2, 4, 6)]


def get_init_inputs():
    return [6]
