import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("last", torch.zeros(4, 8))

    def forward(self, x):
        self.last.copy_(x)
        return x


def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
