"""Layer norm over the channel axis; the module is the torch class itself."""
import torch
import torch.nn as nn


class Model(nn.LayerNorm):
    def __init__(self):
        super().__init__(6)

    def forward(self, x):
        return super().forward(x.transpose(1, -1)).transpose(1, -1)


def get_inputs():
    return [torch.randn(2, 6, 9)]


def get_init_inputs():
    return []
