"""A softmax behind a GELU."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 8)

    def forward(self, x):
        return torch.softmax(F.gelu(self.fc(x)), dim=-1)


def get_inputs():
    return [torch.randn(5, 6)]


def get_init_inputs():
    return []
