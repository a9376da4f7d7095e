import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, x):
        return torch.stack([x, torch.tanh(x)])[x[0, 0].bool().long()]

def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
