import torch
import torch.nn as nn


class Model(nn.Module):
    """A projection and a buffer left over from an older revision are never read."""

    def __init__(self):
        super().__init__()
        self.fc_in = nn.Linear(10, 12)
        self.c_proj = nn.Linear(12, 12)
        self.fc_out = nn.Linear(12, 3)
        self.register_buffer("steps", torch.zeros(1))

    def forward(self, x):
        return self.fc_out(torch.relu(self.fc_in(x)))


def get_inputs():
    return [torch.randn(5, 10)]


def get_init_inputs():
    return []
