import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.randn(3, 4, 2, 2, dtype=torch.cfloat) * 0.1)

    def forward(self, x):
        return torch.einsum("bixy,ioxy->boxy", x, self.w)


def get_inputs():
    return [torch.randn(2, 3, 2, 2, dtype=torch.cfloat)]


def get_init_inputs():
    return []
