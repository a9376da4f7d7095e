import torch
import torch.nn as nn
import torch.nn.functional as F
import math


class Model(nn.Module):
    def forward(self, x):
        m = x.amax(dim=-1)
        return torch.log(torch.exp(x - m.unsqueeze(-1)).sum(dim=-1)) + m


def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
