"""A linear layer and its tanh."""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 8)

    def forward(self, x):
        return self.fc(x).tanh()


def get_inputs():
    return [torch.randn(5, 6)]


def get_init_inputs():
    return []
