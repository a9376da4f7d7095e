"""A residual network of 100 convolutions: three stages of equal blocks, the first of each wider and half as large."""

import torch
import torch.nn as nn


class Block(nn.Module):
    def __init__(self, channels, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width // 4, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width // 4)
        self.conv2 = nn.Conv2d(width // 4, width // 4, 3, stride=stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width // 4)
        self.conv3 = nn.Conv2d(width // 4, width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU()
        self.shortcut = nn.Sequential()
        if stride != 1 or channels != width:
            self.shortcut = nn.Sequential(nn.Conv2d(channels, width, 1, stride=stride, bias=False), nn.BatchNorm2d(width))

    def forward(self, x):
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.relu(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        return self.relu(out + self.shortcut(x))


class Model(nn.Module):
    def __init__(self, depth, classes):
        super().__init__()
        self.stem = nn.Conv2d(3, 64, 3, padding=1, bias=False)
        self.stages = nn.Sequential(
            *[Block(64 if i == 0 else 128, 128) for i in range(depth)],
            *[Block(128 if i == 0 else 256, 256, 2 if i == 0 else 1) for i in range(depth)],
            *[Block(256 if i == 0 else 512, 512, 2 if i == 0 else 1) for i in range(depth)],
        )
        self.head = nn.Linear(512, classes)

    def forward(self, x):
        x = self.stages(torch.relu(self.stem(x)))
        return self.head(x.mean(dim=(2, 3)))


def get_inputs():
    return [torch.randn(4, 3, 32, 32)]


def get_init_inputs():
    return [11, 10]
