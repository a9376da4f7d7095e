import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.gate = nn.Linear(32, 64, bias=False, dtype=torch.bfloat16)
        self.up = nn.Linear(32, 64, bias=False, dtype=torch.bfloat16)
        self.down = nn.Linear(64, 32, bias=False, dtype=torch.bfloat16)

    def forward(self, x):
        return self.down(F.silu(self.gate(x)) * self.up(x))


def get_inputs():
    return [torch.randn(2, 5, 32, dtype=torch.bfloat16)]


def get_init_inputs():
    return []
