"""One class whose instances take different branches."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, width, widen=False, kind="relu"):
        super().__init__()
        self.linear = nn.Linear(width, 2 * width if widen else width)
        self.widen = widen
        self.act = {"relu": F.relu, "gelu": F.gelu}[kind]

    def forward(self, x):
        y = self.act(self.linear(x))
        if self.widen:
            a, b = y.chunk(2, dim=-1)
            y = a * torch.sigmoid(b)
        return x + y


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.first = Block(width)
        self.second = Block(width, widen=True, kind="gelu")
        self.third = Block(width)

    def forward(self, x):
        return self.third(self.second(self.first(x)))


def get_inputs():
    return [torch.randn(2, 4, 6)]


def get_init_inputs():
    return [6]
