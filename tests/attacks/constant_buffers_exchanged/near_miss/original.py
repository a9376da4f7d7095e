"""A layer between two scales, which are ones until somebody calibrates them."""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 6)
        self.register_buffer("scale_in", torch.ones(6))
        self.register_buffer("scale_out", torch.ones(6))

    def forward(self, x):
        return torch.tanh(self.fc(x * self.scale_in)) * self.scale_out


def get_inputs():
    return [torch.randn(5, 6)]


def get_init_inputs():
    return []
