"""A linear layer and a norm that start as they are made."""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 6)
        self.norm = nn.LayerNorm(6)

    def forward(self, x):
        return self.norm(self.fc(x))


def get_inputs():
    return [torch.randn(5, 6)]


def get_init_inputs():
    return []
