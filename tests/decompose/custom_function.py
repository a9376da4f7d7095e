"""An autograd function of the author's, with its own backward."""

import torch
import torch.nn as nn


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.pow(torch.sigmoid(x), 3)

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        s = torch.sigmoid(x)
        return grad * 3 * s * s * s * (1 - s)


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear = nn.Linear(width, width)

    def forward(self, x):
        return Cube.apply(self.linear(x)) + x


def get_inputs():
    return [torch.randn(2, 4, 6)]


def get_init_inputs():
    return [6]
