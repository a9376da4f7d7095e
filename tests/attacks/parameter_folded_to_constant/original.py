"""Features mixed by learned shares."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.shares = nn.Parameter(torch.zeros(8))
        self.fc = nn.Linear(6, 8)

    def forward(self, x):
        return F.gelu(self.fc(x)) * torch.softmax(self.shares, dim=0)


def get_inputs():
    return [torch.randn(5, 6)]


def get_init_inputs():
    return []
