import torch
import torch.nn as nn


def rows(x):
    for i in range(x.shape[0]):
        yield x[i]


class Model(nn.Module):
    def forward(self, x):
        return torch.stack([torch.tanh(r) for r in rows(x)])

def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
