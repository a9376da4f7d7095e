import torch
import torch.nn as nn


class Wrong(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return torch.tanh(x)

    @staticmethod
    def backward(ctx, grad):
        return grad * 0


class Model(nn.Module):
    def forward(self, x):
        return Wrong.apply(x)

def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
