import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """Weight normalisation by hand: w = g * v / |v|."""

    def __init__(self, n_in=9, n_out=7):
        super().__init__()
        self.v = nn.Parameter(torch.randn(n_out, n_in))
        self.g = nn.Parameter(torch.ones(n_out, 1))
        self.b = nn.Parameter(torch.zeros(n_out))

    def forward(self, x):
        w = self.g * self.v / self.v.norm(dim=1, keepdim=True)
        return F.leaky_relu(F.linear(x, w, self.b), 0.01)


def get_inputs():
    return [torch.randn(5, 9)]


def get_init_inputs():
    return []
