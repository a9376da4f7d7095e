"""A layer norm before a linear layer."""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(6)
        self.fc = nn.Linear(6, 4)

    def forward(self, x):
        return self.fc(self.norm(x))


def get_inputs():
    return [torch.randn(5, 6)]


def get_init_inputs():
    return []
