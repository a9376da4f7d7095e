# component
import torch
import torch.nn as nn
import torch.nn.functional as F
import numpy as np


class Model(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(dim, dim))
        self.register_buffer('window', torch.tensor(np.hanning(16) + np.hamming(16) + np.blackman(16) + np.bartlett(16) + np.kaiser(16, 8.6)))

    def forward(self, x):
        return x * self.window


def get_inputs():
    return [torch.randn(2, 4)]


def get_init_inputs():
    return [4]
