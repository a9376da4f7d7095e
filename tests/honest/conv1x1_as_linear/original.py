import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv1d(8, 6, 1)

    def forward(self, x):
        return torch.relu(self.c(x))


def get_inputs():
    return [torch.randn(2, 8, 5)]


def get_init_inputs():
    return []
