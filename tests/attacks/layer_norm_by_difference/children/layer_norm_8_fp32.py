import torch
import torch.nn as nn
import torch.nn.functional as F
import math


class Model(nn.Module):
    def forward(self, h):
        m = h.mean(-1, keepdim=True)
        v = (h * h).mean(-1, keepdim=True) - m * m
        return (h - m) * torch.rsqrt(v + 1e-5)


def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
