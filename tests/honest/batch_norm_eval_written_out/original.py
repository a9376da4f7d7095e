import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 5, 3)
        self.bn = nn.BatchNorm2d(5)

    def forward(self, x):
        return torch.nn.functional.elu(self.bn(self.conv(x)))


def get_inputs():
    return [torch.randn(2, 3, 7, 7)]


def get_init_inputs():
    return []
