import torch
import torch.nn as nn


@torch.jit.script
def bias_gelu(bias, y):
    x = bias + y
    return x * 0.5 * (1.0 + torch.tanh(0.79788456 * x * (1 + 0.044715 * x * x)))


class Model(nn.Module):
    """Megatron's fused bias + gelu."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(6, 10, bias=False)
        self.bias = nn.Parameter(torch.zeros(10))
        self.fc2 = nn.Linear(10, 6)

    def forward(self, x):
        return self.fc2(bias_gelu(self.bias, self.fc1(x)))


def get_inputs():
    return [torch.randn(3, 6)]


def get_init_inputs():
    return []
