import torch
import torch.nn as nn
import torch.nn.functional as F
import math


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 8)

    def forward(self, x, t):
        f = torch.exp(-math.log(10000.0) * torch.arange(4) / 4)
        e = t[:, None].float() * f[None]
        return torch.tanh(self.a(torch.cat([e.cos(), e.sin()], -1)) + x)


def get_inputs():
    return [torch.randn(4, 8), torch.tensor([10])]


def get_init_inputs():
    return []
