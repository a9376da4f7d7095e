import torch
import torch.nn as nn
import torch.nn.functional as F
import math


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer('perm', torch.tensor([3, 1, 4, 0, 5, 2, 6, 7]))

    def forward(self, x):
        unused = self.perm + 0
        return x[:, [3, 1, 4, 0, 5, 2, 6, 7]]


def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
