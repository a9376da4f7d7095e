import torch
import torch.nn as nn
import torch.nn.functional as F
import math


class Model(nn.Module):
    def forward(self, out, top, cur):
        return out.index_add_(0, top, cur)


def get_inputs():
    return [torch.zeros(12, 8), torch.tensor([0, 1, 2]), torch.randn(3, 8)]


def get_init_inputs():
    return []
