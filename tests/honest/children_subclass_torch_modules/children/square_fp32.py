import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, x):
        return x.square()


def get_inputs():
    return [torch.randn(2, 4, 7)]


def get_init_inputs():
    return []
