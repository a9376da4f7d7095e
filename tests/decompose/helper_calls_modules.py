"""Functions of the file that are given a module, or the model, and call it."""

import torch
import torch.nn as nn


def normed(module, norm, x):
    return x + module(norm(x))


def attend(model, x):
    q, k = model.query(x), model.key(x)
    return torch.softmax(q @ k.transpose(-1, -2) * model.scale, dim=-1) @ x


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, width)
        self.scale = width**-0.5

    def forward(self, x):
        x = attend(self, x)
        return normed(self.out, self.norm, x)


def get_inputs():
    return [torch.randn(2, 4, 6)]


def get_init_inputs():
    return [6]
