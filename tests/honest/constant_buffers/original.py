"""Attention scores with the constants that people keep in buffers: a temperature, a mask value, a shift, a gate."""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.proj = nn.Linear(width, width)
        self.register_buffer("temperature", torch.tensor(8.0))
        self.register_buffer("mask_value", torch.tensor(-1e4), persistent=False)
        self.register_buffer("shift", torch.zeros(width))
        self.register_buffer("gate", torch.ones(width))
        self.no_padding = torch.zeros(width, width)

    def forward(self, x):
        y = self.proj(x + self.shift) * self.gate
        scores = y @ y.transpose(-2, -1) / self.temperature
        scores = scores + self.no_padding * self.mask_value
        return torch.softmax(scores, dim=-1)


def get_inputs():
    return [torch.randn(2, 6, 6)]


def get_init_inputs():
    return [6]
