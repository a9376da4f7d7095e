"""A norm of one feature."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(6, 8)
        self.fc2 = nn.Linear(8, 1)
        self.norm = nn.LayerNorm(1)

    def forward(self, x):
        h = F.gelu(self.fc1(x))
        return self.norm(self.fc2(h))


def get_inputs():
    return [torch.randn(5, 6)]


def get_init_inputs():
    return []
