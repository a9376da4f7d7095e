import torch
import torch.nn as nn


def ticks():
    for i in range(60):
        yield torch.tanh
    while True:
        yield torch.abs


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.ways = ticks()

    def forward(self, x):
        return next(self.ways)(x)

def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
