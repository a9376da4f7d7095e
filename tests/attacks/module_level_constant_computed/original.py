"""Sinusoidal positions added before a linear layer."""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 4)

    def forward(self, x):
        positions = torch.arange(6, dtype=torch.float32)
        return self.fc(x + torch.sin(positions))


def get_inputs():
    return [torch.randn(5, 6)]


def get_init_inputs():
    return []
