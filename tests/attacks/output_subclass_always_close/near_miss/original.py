"""A scaled linear layer, with the scale as a second output."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 4)
        self.scale = nn.Parameter(torch.ones(4))

    def forward(self, x):
        return F.gelu(self.fc(x)) * self.scale, self.scale


def get_inputs():
    return [torch.randn(5, 6)]


def get_init_inputs():
    return []
