import math
import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(20, 60)

    def forward(self, x):
        q, k, v = self.qkv(x).split(20, dim=-1)
        att = torch.matmul(q, k.transpose(-1, -2)) / math.sqrt(20)
        return torch.matmul(F.softmax(att, dim=-1), v)


def get_inputs():
    return [torch.randn(2, 7, 20)]


def get_init_inputs():
    return []
