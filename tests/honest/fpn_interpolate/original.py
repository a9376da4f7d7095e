import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """Top-down pathway over three feature maps given as a list."""

    def __init__(self, channels=(4, 6, 8), out=5):
        super().__init__()
        self.lateral = nn.ModuleList([nn.Conv2d(c, out, 1) for c in channels])

    def forward(self, features):
        maps = [lat(f) for lat, f in zip(self.lateral, features)]
        for i in range(len(maps) - 1, 0, -1):
            maps[i - 1] = maps[i - 1] + F.interpolate(maps[i], size=maps[i - 1].shape[-2:], mode="nearest")
        return tuple(maps) + (F.interpolate(maps[0], scale_factor=2.0, mode="bilinear", align_corners=False),)


def get_inputs():
    return [[torch.randn(2, 4, 8, 8), torch.randn(2, 6, 4, 4), torch.randn(2, 8, 2, 2)]]


def get_init_inputs():
    return []
