"""Keyword-only arguments of constructors and of forward."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, width, *, slope=0.1, **extra):
        super().__init__()
        self.linear = nn.Linear(width, width)
        self.slope = slope
        self.extra = extra.get("gain", 1.0)

    def forward(self, x, *, mask=None):
        y = F.leaky_relu(self.linear(x), self.slope) * self.extra
        return y if mask is None else y.masked_fill(mask, 0.0)


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.first = Block(width, slope=0.3, gain=2.0)
        self.second = Block(width)

    def forward(self, x, mask):
        return self.second(self.first(x, mask=mask), mask=mask)


def get_inputs():
    return [torch.randn(2, 4, 6)]


def get_init_inputs():
    return [6]


def get_input_kwargs():
    return {"mask": torch.rand(2, 4, 6) < 0.3}
