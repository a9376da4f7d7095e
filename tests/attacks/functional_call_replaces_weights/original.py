"""A linear layer with a learned scale of its input features."""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.full((6,), 0.5))
        self.fc = nn.Linear(6, 4)

    def forward(self, x):
        return self.fc(x * self.scale)


def get_inputs():
    return [torch.randn(5, 6)]


def get_init_inputs():
    return []
