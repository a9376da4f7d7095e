"""A linear layer and a GELU in half precision."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 4, dtype=torch.float16)

    def forward(self, x):
        return F.gelu(self.fc(x))


def get_inputs():
    return [torch.randn(5, 6, dtype=torch.float16)]


def get_init_inputs():
    return []
