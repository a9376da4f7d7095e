import torch
import torch.nn as nn


class RoundSTE(torch.autograd.Function):
    """Rounding with a straight-through gradient."""

    @staticmethod
    def forward(ctx, x):
        return torch.round(x)

    @staticmethod
    def backward(ctx, grad):
        return grad


class Model(nn.Module):
    def __init__(self, levels=15):
        super().__init__()
        self.levels = levels
        self.fc = nn.Linear(10, 6)

    def forward(self, x):
        y = torch.sigmoid(self.fc(x)) * self.levels
        return RoundSTE.apply(y) / self.levels


def get_inputs():
    return [torch.randn(5, 10)]


def get_init_inputs():
    return []
