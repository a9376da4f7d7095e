"""Statements with a context, an exception that is never raised, assertions."""

import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear = nn.Linear(width, width)
        self.out = nn.Linear(width, 2)

    def forward(self, x):
        assert x.dim() == 3, f"three dimensions wanted, {x.dim()} given"
        with torch.no_grad():
            y = torch.relu(self.linear(x))
        try:
            y = y.view(x.shape[0], -1, x.shape[2])
        except RuntimeError:
            y = y.reshape(x.shape[0], -1, x.shape[2])
        return self.out(y)


def get_inputs():
    return [torch.randn(2, 4, 6)]


def get_init_inputs():
    return [6]
