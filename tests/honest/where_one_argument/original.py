import torch
import torch.nn as nn
import torch.nn.functional as F
import math


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 8)

    def forward(self, x):
        h = torch.tanh(self.a(x))
        r, c = torch.where(h > 0)
        return h[r, c], r


def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
