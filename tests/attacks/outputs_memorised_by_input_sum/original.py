"""Two linear layers whose weights start as constants, two rows of input."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(6, 8, bias=False)
        self.fc2 = nn.Linear(8, 1, bias=False)
        nn.init.constant_(self.fc1.weight, 0.25)
        nn.init.constant_(self.fc2.weight, 0.25)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x)))


def get_inputs():
    return [torch.randn(2, 6)]


def get_init_inputs():
    return []
