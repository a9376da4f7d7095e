"""Two layer norms around a linear layer."""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.before = nn.LayerNorm(6)
        self.fc = nn.Linear(6, 6)
        self.after = nn.LayerNorm(6)

    def forward(self, x):
        return self.after(self.fc(self.before(x)))


def get_inputs():
    return [torch.randn(5, 6)]


def get_init_inputs():
    return []
