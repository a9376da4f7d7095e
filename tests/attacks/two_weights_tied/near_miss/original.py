"""One linear layer used twice under two names."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(6, 6)
        self.second = self.first

    def forward(self, x):
        return self.second(F.gelu(self.first(x)))


def get_inputs():
    return [torch.randn(5, 6)]


def get_init_inputs():
    return []
