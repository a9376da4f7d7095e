import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, x, h, w):
        return torch.fft.irfft2(x, s=(h, w))


def get_inputs():
    return [torch.randn(2, 4, 6, 4, dtype=torch.cfloat), 6, 6]


def get_init_inputs():
    return []
