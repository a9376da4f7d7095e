# component
import torch
import torch.nn as nn
import torch.nn.functional as F
class Gelu(nn.Module):
    def forward(self, x):
        return F.gelu(x)


class Model(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(dim, dim))
        self.gelu = Gelu()

    def forward(self, x):
        return self.gelu(F.linear(x, self.weight))


def get_inputs():
    return [torch.randn(2, 4)]


def get_init_inputs():
    return [4]
