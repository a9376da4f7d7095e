"""A linear layer and a softmax over a chosen dimension."""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 8)

    def forward(self, x):
        return torch.softmax(self.fc(x), dim=0)


def get_inputs():
    return [torch.randn(5, 6)]


def get_init_inputs():
    return []
