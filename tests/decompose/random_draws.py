"""Randomness inside of forward: a start state is drawn anew in each call."""

import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.gru = nn.GRU(width, width, batch_first=True)
        self.out = nn.Linear(width, 2)

    def forward(self, x):
        h0 = torch.randn(1, x.size(0), x.size(2))
        y, _ = self.gru(x, h0)
        return self.out(y)


def get_inputs():
    return [torch.randn(2, 4, 6)]


def get_init_inputs():
    return [6]
