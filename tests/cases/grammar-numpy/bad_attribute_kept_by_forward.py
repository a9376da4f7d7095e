# component
import torch
import torch.nn as nn
import torch.nn.functional as F
import numpy as np


class Model(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.linear = nn.Linear(dim, dim)
        self.last = 0

    def forward(self, x):
        self.last, shape = self.linear(x), x.shape
        return x * np.tanh(self.last)  # <- 20


def get_inputs():
    return [torch.randn(2, 4)]


def get_init_inputs():
    return [4]
