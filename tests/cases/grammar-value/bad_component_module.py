# component
import torch
import torch.nn as nn
import torch.nn.functional as F
import math


class Model(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(dim, dim))

    def forward(self, x):
        kept = math  # <- 16
        return x


def get_inputs():
    return [torch.randn(2, 4)]


def get_init_inputs():
    return [4]
