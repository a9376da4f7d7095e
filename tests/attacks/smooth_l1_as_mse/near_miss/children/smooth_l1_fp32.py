import torch
import torch.nn as nn
import torch.nn.functional as F
import math


class Model(nn.Module):
    def forward(self, p, y):
        d = (p - y).abs()
        return torch.where(d < 1.0, 0.5 * d * d, d - 0.5).mean()


def get_inputs():
    return [torch.rand(4, 8), torch.rand(4, 8)]


def get_init_inputs():
    return []
