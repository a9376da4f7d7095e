import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, in_channels, out_channels, groups):
        super().__init__()
        self.conv = nn.Conv3d(in_channels, out_channels, (3, 3, 3), padding=(1, 1, 1))
        self.group_norm = nn.GroupNorm(groups, out_channels)
        self.pool = nn.MaxPool3d((1, 2, 2))

    def forward(self, x):
        x = self.pool(self.group_norm(self.conv(x)))
        return x.mean(dim=[1, 2, 3, 4])


def get_inputs():
    return [torch.randn(2, 2, 3, 6, 6)]


def get_init_inputs():
    return [2, 8, 4]
