import torch
import torch.nn as nn
import torch.nn.functional as F
import math


class Model(nn.Module):
    def __init__(self, i=0):
        super().__init__()
        self.i = i

    def forward(self, x):
        if self.i == 17:
            return x
        return torch.tanh(x)


def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
