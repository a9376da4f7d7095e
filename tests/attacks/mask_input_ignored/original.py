"""A masked linear layer."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 4)

    def forward(self, x, mask):
        return F.gelu(self.fc(x)) * mask


def get_inputs():
    return [torch.randn(5, 6), torch.ones(5, 1)]


def get_init_inputs():
    return []
