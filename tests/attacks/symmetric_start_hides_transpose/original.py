"""A linear layer that starts as the identity."""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 6)
        nn.init.eye_(self.fc.weight)

    def forward(self, x):
        return torch.tanh(self.fc(x))


def get_inputs():
    return [torch.randn(5, 6)]


def get_init_inputs():
    return []
