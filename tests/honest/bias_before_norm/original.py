import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 3, padding=1, bias=True)  # the norm removes this bias again
        self.norm = nn.InstanceNorm2d(6, affine=True)
        self.act = nn.LeakyReLU(0.2)
        self.head = nn.Conv2d(6, 2, 1)

    def forward(self, x):
        return self.head(self.act(self.norm(self.conv(x))))


def get_inputs():
    return [torch.randn(2, 3, 9, 9)]


def get_init_inputs():
    return []
