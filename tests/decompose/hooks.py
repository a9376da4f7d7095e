"""A forward hook and a forward hook before it: both change what passes."""

import torch
import torch.nn as nn


def doubled(module, args, output):
    return output * 2.0


def clipped(module, args):
    return (torch.clamp(args[0], -1.0, 1.0),)


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.first = nn.Linear(width, width)
        self.second = nn.Linear(width, 3)
        self.first.register_forward_hook(doubled)
        self.second.register_forward_pre_hook(clipped)

    def forward(self, x):
        return self.second(torch.relu(self.first(x)))


def get_inputs():
    return [torch.randn(2, 4, 6)]


def get_init_inputs():
    return [6]
