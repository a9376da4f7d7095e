"""A block that is entered through torch.utils.checkpoint."""

import torch
import torch.nn as nn
from torch.utils.checkpoint import checkpoint


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.block = nn.Sequential(nn.Linear(width, width), nn.ReLU())
        self.head = nn.Linear(width, 2)

    def forward(self, x):
        x = checkpoint(self.block, x, use_reentrant=False)
        return self.head(x)


def get_inputs():
    return [torch.randn(2, 4, 6)]


def get_init_inputs():
    return [6]
