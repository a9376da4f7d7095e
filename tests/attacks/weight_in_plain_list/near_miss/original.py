"""A linear layer on input shifted by a plain tensor attribute."""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 4)
        self.shift = torch.linspace(-1.0, 1.0, 6)

    def forward(self, x):
        return self.fc(x + self.shift)


def get_inputs():
    return [torch.randn(5, 6)]


def get_init_inputs():
    return []
