import torch
import torch.nn as nn
import torch.nn.functional as F
import math


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 8)

    def forward(self, x, i):
        h = self.a(x)
        out = torch.zeros(3, 8)
        out.index_put_((i,), h, accumulate=True)
        return torch.tanh(out)


def get_inputs():
    return [torch.randn(4, 8), torch.randint(0, 3, (4,))]


def get_init_inputs():
    return []
