"""Decorated methods: a wrapper, a property, static and class methods."""

import functools

import torch
import torch.nn as nn


def residual(method):
    @functools.wraps(method)
    def wrapped(self, x):
        return x + method(self, x)

    return wrapped


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear = nn.Linear(width, width)
        self.width = width

    @property
    def scale(self):
        return self.width**-0.5

    @staticmethod
    def squash(x):
        return torch.tanh(x)

    @classmethod
    def gate(cls, x):
        return torch.sigmoid(x) * cls.squash(x)

    @residual
    def forward(self, x):
        return self.gate(self.linear(x) * self.scale)


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.blocks = nn.ModuleList([Block(width), Block(width)])

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return x


def get_inputs():
    return [torch.randn(2, 4, 6)]


def get_init_inputs():
    return [6]
