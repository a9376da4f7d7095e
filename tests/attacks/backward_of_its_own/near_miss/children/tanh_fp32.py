import torch
import torch.nn as nn


class Tanh(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.tanh(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, grad):
        (y,) = ctx.saved_tensors
        return grad * (1 - y * y)


class Model(nn.Module):
    def forward(self, x):
        return Tanh.apply(x)

def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
