import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.proj_in = nn.Linear(8, 12)
        self.proj_out = nn.Linear(12, 4)

    def forward(self, x):
        h = torch.tanh(self.proj_in(x))
        return self.proj_out(h)


def get_inputs():
    return [torch.randn(2, 3, 8)]


def get_init_inputs():
    return []
