import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 8)

    def forward(self, x):
        h = self.a(x)
        v = (h * h).mean(-1, keepdim=True)
        return h * torch.rsqrt(v + 1e-6)


def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
