"""A convolution and what follows it, as a model of its own."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self, channels, width):
        super().__init__()
        self.conv = nn.Conv2d(channels, width, 3)
        self.norm = nn.GroupNorm(8, width)
        self.bias = nn.Parameter(torch.randn(width, 1, 1))

    def forward(self, x):
        x = self.norm(self.conv(x))
        x = F.hardswish(x + self.bias)
        x = F.max_pool2d(x, 2)
        return x.mean(dim=(2, 3))


def get_inputs():
    return [torch.randn(8, 32, 64, 64)]


def get_init_inputs():
    return [32, 64]
