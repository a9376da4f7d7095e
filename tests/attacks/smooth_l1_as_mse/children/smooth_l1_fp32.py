import torch
import torch.nn as nn
import torch.nn.functional as F
import math


class Model(nn.Module):
    def forward(self, p, y):
        return (0.5 * (p - y) ** 2).mean()


def get_inputs():
    return [torch.rand(4, 8), torch.rand(4, 8)]


def get_init_inputs():
    return []
