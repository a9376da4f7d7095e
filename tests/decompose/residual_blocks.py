"""Two unequal residual blocks; the second gets its shortcut as a module through its constructor."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class ResidualBlock(nn.Module):
    widening = 1

    def __init__(self, in_channels, out_channels, stride=1, shortcut=None):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride=stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels * self.widening, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.shortcut = shortcut

    def forward(self, x):
        identity = x
        out = F.relu(self.norm1(self.conv1(x)))
        out = self.norm2(self.conv2(out))
        if self.shortcut is not None:
            identity = self.shortcut(x)  # other shape
        out += identity
        return F.relu(out)


class Model(nn.Module):
    def __init__(self, classes):
        super(Model, self).__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.stage = self._make_stage(8, 16)
        self.head = nn.Linear(16, classes)

    def _make_stage(self, narrow, wide):
        shortcut = nn.Sequential(nn.Conv2d(narrow, wide, 1, stride=2, bias=False), nn.BatchNorm2d(wide))
        return nn.Sequential(ResidualBlock(narrow, narrow), ResidualBlock(narrow, wide, 2, shortcut))

    def forward(self, x):
        x = self.stage(torch.relu(self.stem(x)))
        x = F.adaptive_avg_pool2d(x, 1).flatten(1)
        return self.head(x)


def get_inputs():
    return [torch.randn(2, 3, 8, 8)]


def get_init_inputs():
    return [5]
