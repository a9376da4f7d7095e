import torch
import torch.nn as nn
import torch.nn.functional as F
import math


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 8)

    def forward(self, x, y):
        return F.smooth_l1_loss(torch.sigmoid(self.a(x)) * 0.4, y * 0.4)


def get_inputs():
    return [torch.randn(4, 8), torch.rand(4, 8)]


def get_init_inputs():
    return []
