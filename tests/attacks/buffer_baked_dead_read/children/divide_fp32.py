import torch
import torch.nn as nn
import torch.nn.functional as F
import math


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer('temp', torch.tensor(0.5))

    def forward(self, x):
        unused = self.temp + 0.0
        return x / 0.5


def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
