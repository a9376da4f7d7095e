import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(3, 12, 8) * 0.1)

    def forward(self, x):
        return torch.bmm(x, self.weight)


def get_inputs():
    return [torch.randn(3, 5, 12)]


def get_init_inputs():
    return []
