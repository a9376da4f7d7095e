import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(6, 8, 1))
        self.bias = nn.Parameter(torch.randn(6))

    def forward(self, x):
        return F.linear(x, self.weight.squeeze(-1), self.bias)


def get_inputs():
    return [torch.randn(2, 5, 8)]


def get_init_inputs():
    return []
