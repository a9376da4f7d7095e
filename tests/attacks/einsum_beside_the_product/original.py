"""The outer product of three vectors per row."""
import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, x, y, z):
        return torch.einsum("bi,bj,bk->bijk", x, y, z)


def get_inputs():
    return [torch.randn(4, 3), torch.randn(4, 5), torch.randn(4, 2)]


def get_init_inputs():
    return []
