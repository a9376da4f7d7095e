"""Weights that are computed from others: weight normalisation in its new and its old form."""

import torch
import torch.nn as nn
from torch.nn.utils import parametrizations


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.first = parametrizations.weight_norm(nn.Linear(width, width))
        self.second = nn.utils.weight_norm(nn.Linear(width, 3))

    def forward(self, x):
        return self.second(torch.relu(self.first(x)))


def get_inputs():
    return [torch.randn(2, 4, 6)]


def get_init_inputs():
    return [6]
