# component
import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(dim, dim))
        self.state_dict = None  # <- 9

    def forward(self, x):
        return F.linear(x, self.weight)


def get_inputs():
    return [torch.randn(2, 4)]


def get_init_inputs():
    return [4]
