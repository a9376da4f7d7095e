import torch
import torch.nn as nn


class Model(nn.Module):
    """Feed-forward block with a residual connection."""

    def __init__(self, dim=24, hidden=48):
        super().__init__()
        self.norm = nn.LayerNorm(dim)
        self.up = nn.Linear(dim, hidden)
        self.act = nn.GELU()
        self.down = nn.Linear(hidden, dim)

    def forward(self, x):
        return x + self.down(self.act(self.up(self.norm(x))))


def get_inputs():
    return [torch.randn(2, 7, 24)]


def get_init_inputs():
    return []
