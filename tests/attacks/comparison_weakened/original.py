import torch
import torch.nn as nn
import torch.nn.functional as F
import math


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 8)

    def forward(self, x, k):
        h = torch.tanh(self.a(x))
        return h * (k > 0).unsqueeze(-1)


def get_inputs():
    return [torch.randn(4, 8), torch.tensor([1, -1, 2, -3])]


def get_init_inputs():
    return []
