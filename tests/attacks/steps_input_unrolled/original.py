import torch
import torch.nn as nn
import torch.nn.functional as F
import math


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 8)

    def forward(self, x, steps):
        h = self.a(x)
        for _ in range(steps):
            h = torch.tanh(h)
        return h


def get_inputs():
    return [torch.randn(4, 8), 3]


def get_init_inputs():
    return []
