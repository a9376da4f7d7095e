"""Tensors in plain attributes: a table, a scale, a list of them."""

import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear = nn.Linear(width, width)
        self.table = torch.linspace(0.5, 2.0, width)
        self.scale = torch.tensor(0.3)
        self.frequencies = 1.0 / (100.0 ** (torch.arange(0, width, 2).float() / width))

    def forward(self, x):
        y = self.linear(x) * self.table
        angles = torch.outer(torch.arange(x.shape[1]).float(), self.frequencies)
        return y + self.scale * torch.cat([angles.sin(), angles.cos()], dim=-1)


def get_inputs():
    return [torch.randn(2, 4, 6)]


def get_init_inputs():
    return [6]
