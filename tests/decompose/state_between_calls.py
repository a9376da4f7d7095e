"""A hidden state that each call leaves for the next."""

import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.mix = nn.Linear(2 * width, width)
        self.out = nn.Linear(width, 3)
        self.register_buffer("state", torch.zeros(2, width))

    def forward(self, x):
        self.state = torch.tanh(self.mix(torch.cat([x, self.state], dim=1)))
        return self.out(self.state)


def get_inputs():
    return [torch.randn(2, 6)]


def get_init_inputs():
    return [6]
