"""A linear layer with tanh and one with GELU."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(6, 6)
        self.fc2 = nn.Linear(6, 6)

    def forward(self, x):
        return F.gelu(self.fc2(torch.tanh(self.fc1(x))))


def get_inputs():
    return [torch.randn(5, 6)]


def get_init_inputs():
    return []
