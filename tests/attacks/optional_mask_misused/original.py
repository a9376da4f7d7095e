import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 8)

    def forward(self, x, mask=None):
        h = self.a(x)
        if mask is not None:
            h = h * mask
        return torch.tanh(h)


def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
