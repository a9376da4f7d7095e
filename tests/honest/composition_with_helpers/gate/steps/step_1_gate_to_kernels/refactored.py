"""The gate as calls of its kernels; the product and the sum stay here."""

import torch
import torch.nn as nn
from children.linear_6x6_fp32 import Model as Linear
from children.sigmoid_fp32 import Model as Sigmoid


class RefactoredModel(nn.Module):
    """x + value(x) * sigmoid(gate(x))."""

    def __init__(self, width):
        super().__init__()
        self.value = Linear(width, width)
        self.gate = Linear(width, width)
        self.sigmoid = Sigmoid()

    def forward(self, x):
        return x + self.value(x) * self.sigmoid(self.gate(x))


def get_inputs():
    return [torch.randn(4, 6)]


def get_init_inputs():
    return [6]
