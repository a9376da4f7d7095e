"""A sequence of linear, GELU, linear."""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(6, 8), nn.GELU(), nn.Linear(8, 4))

    def forward(self, x):
        return self.net(x)


def get_inputs():
    return [torch.randn(5, 6)]


def get_init_inputs():
    return []
