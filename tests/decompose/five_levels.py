"""Modules in modules, deeper than there are levels."""

import torch
import torch.nn as nn


class Gate(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear = nn.Linear(width, width)

    def forward(self, x):
        return x * torch.sigmoid(self.linear(x))


class Mlp(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.gate = Gate(width)
        self.out = nn.Linear(width, width)

    def forward(self, x):
        return self.out(self.gate(x))


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.mlp = Mlp(width)

    def forward(self, x):
        return x + self.mlp(self.norm(x))


class Stage(nn.Module):
    def __init__(self, width, depth):
        super().__init__()
        self.blocks = nn.ModuleList([Block(width) for _ in range(depth)])

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return x


class Trunk(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.first = Stage(width, 1)
        self.second = Stage(width, 2)

    def forward(self, x):
        return self.second(self.first(x))


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.trunk = Trunk(width)
        self.head = nn.Linear(width, 3)

    def forward(self, x):
        return self.head(self.trunk(x))


def get_inputs():
    return [torch.randn(2, 4, 6)]


def get_init_inputs():
    return [6]
