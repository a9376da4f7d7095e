"""A part that only a run can tell: its turns depend on what the tensor holds."""

import torch
import torch.nn as nn


class Steps(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear = nn.Linear(width, width)

    def forward(self, x):
        for _ in range(4):
            if x.abs().max() < 0.5:
                break
            x = torch.tanh(self.linear(x)) * 0.5
        return x


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.steps = Steps(width)
        self.out = nn.Linear(width, 2)

    def forward(self, x):
        return self.out(self.steps(x))


def get_inputs():
    return [torch.randn(2, 4, 6)]


def get_init_inputs():
    return [6]
