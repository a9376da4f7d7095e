"""Parameters in lists and dicts."""

import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weights = nn.ParameterList([nn.Parameter(torch.randn(width, width)) for _ in range(3)])
        self.scales = nn.ParameterDict({"a": nn.Parameter(torch.ones(width)), "b": nn.Parameter(torch.zeros(width))})

    def forward(self, x):
        for weight in self.weights:
            x = torch.tanh(x @ weight)
        return x * self.scales["a"] + self.scales["b"]


def get_inputs():
    return [torch.randn(2, 4, 6)]


def get_init_inputs():
    return [6]
