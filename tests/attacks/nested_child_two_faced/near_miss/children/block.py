import torch
import torch.nn as nn
from children.linear_8x8_fp32 import Model as Linear
from children.tanh_fp32 import Model as T


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Linear()
        self.t = T()

    def forward(self, x):
        return self.t(self.a(x)) * 2.0


def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
