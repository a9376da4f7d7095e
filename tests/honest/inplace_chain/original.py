import torch
import torch.nn as nn


class Model(nn.Module):
    """Everything that can be in place is in place, the caller's tensor included."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1, 6, 1))
        self.conv = nn.Conv1d(6, 6, 3, padding=1, groups=2)

    def forward(self, x):
        x.clamp_(-2.0, 2.0)
        y = self.conv(x)
        y.mul_(self.scale)
        y.relu_()
        y += x
        y[:, 0] *= 0.5
        return y


def get_inputs():
    return [torch.randn(3, 6, 8) * 2]


def get_init_inputs():
    return []
