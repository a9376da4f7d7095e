import torch
import torch.nn as nn


class Model(nn.Module):
    """A projection that was built and never used."""

    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(6, 9)
        self.outer = nn.Linear(9, 6)

    def forward(self, x):
        return torch.relu(self.inner(x))


def get_inputs():
    return [torch.randn(4, 6)]


def get_init_inputs():
    return []
