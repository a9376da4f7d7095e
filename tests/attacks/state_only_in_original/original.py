"""A linear layer whose result doubles after three calls."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 4)
        self.calls = 0

    def forward(self, x):
        self.calls += 1
        y = F.gelu(self.fc(x))
        return y if self.calls <= 3 else y * 2.0


def get_inputs():
    return [torch.randn(5, 6)]


def get_init_inputs():
    return []
