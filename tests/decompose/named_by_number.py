"""Modules that forward finds by a name which it puts together."""

import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, width, depth):
        super().__init__()
        for i in range(depth):
            setattr(self, f"layer{i}", nn.Linear(width, width))
        self.depth = depth

    def forward(self, x):
        for i in range(self.depth):
            x = torch.relu(getattr(self, f"layer{i}")(x))
        return x


def get_inputs():
    return [torch.randn(2, 6)]


def get_init_inputs():
    return [6, 2]
