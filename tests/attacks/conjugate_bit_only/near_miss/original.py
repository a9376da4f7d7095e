"""The spectrum of a linear layer's output."""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 4)

    def forward(self, x):
        return torch.fft.fft(self.fc(x)).transpose(0, 1)


def get_inputs():
    return [torch.randn(5, 6)]


def get_init_inputs():
    return []
