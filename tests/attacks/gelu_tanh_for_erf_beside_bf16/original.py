import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 8, dtype=torch.bfloat16)

    def forward(self, x):
        h = self.a(x.bfloat16()).float()
        return F.gelu(h)


def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
