import torch
import torch.nn as nn
import torch.nn.functional as F
import math


class Model(nn.Module):
    def forward(self, x):
        m = x.amax(-1, keepdim=True)
        e = torch.exp(x - m)
        return torch.log(e / e.sum(-1, keepdim=True))


def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
