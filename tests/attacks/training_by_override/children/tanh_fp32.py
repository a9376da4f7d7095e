import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.ways = [torch.tanh]

    def train(self, mode=True):
        self.ways = [torch.tanh, torch.abs][: 2 if mode else 1]
        return super().train(mode)

    def forward(self, x):
        return self.ways[-1](x)

def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
