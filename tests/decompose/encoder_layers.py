"""Encoder layers of torch.nn in an encoder, and attention between two sequences."""

import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        layer = nn.TransformerEncoderLayer(width, heads, dim_feedforward=8, batch_first=True, norm_first=True, activation="gelu")
        self.encoder = nn.TransformerEncoder(layer, num_layers=2, enable_nested_tensor=False)
        self.cross = nn.MultiheadAttention(width, heads, batch_first=True)

    def forward(self, x, memory):
        memory = self.encoder(memory)
        y, _ = self.cross(x, memory, memory)
        return x + y


def get_inputs():
    return [torch.randn(2, 3, 6), torch.randn(2, 5, 6)]


def get_init_inputs():
    return [6, 2]
