"""A small convolutional network for images: a stem, two residual blocks with batch norm, pooling, a linear head."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class ConvNormAct(nn.Module):
    """A 3x3 convolution, its batch norm, and a rectifier."""

    def __init__(self, in_channels, out_channels, stride):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        return F.relu(self.norm(self.conv(x)))


class ConvNorm(nn.Module):
    """A convolution without bias and its batch norm; same padding."""

    def __init__(self, in_channels, out_channels, kernel_size, stride):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding=kernel_size // 2, bias=False)
        self.norm = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        return self.norm(self.conv(x))


class ResidualBlock(nn.Module):
    """Two convolutions beside a shortcut, which has a convolution of its own where the shape changes."""

    def __init__(self, in_channels, out_channels, stride):
        super().__init__()
        self.first = ConvNormAct(in_channels, out_channels, stride)
        self.second = ConvNorm(out_channels, out_channels, 3, 1)
        self.has_shortcut = stride != 1 or in_channels != out_channels
        if self.has_shortcut:
            self.shortcut = ConvNorm(in_channels, out_channels, 1, stride)

    def forward(self, x):
        residual = self.shortcut(x) if self.has_shortcut else x
        return F.relu(self.second(self.first(x)) + residual)


class Model(nn.Module):
    """Images in, class scores out."""

    def __init__(self, in_channels, width, num_classes):
        super().__init__()
        self.stem = ConvNormAct(in_channels, width, 1)
        self.block_1 = ResidualBlock(width, width, 1)
        self.block_2 = ResidualBlock(width, 2 * width, 2)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(2 * width, num_classes)

    def forward(self, x):
        x = self.block_2(self.block_1(self.stem(x)))
        return self.head(self.pool(x).flatten(1))


def get_inputs():
    return [torch.randn(8, 3, 32, 32)]


def get_init_inputs():
    # in_channels, width, num_classes
    return [3, 32, 10]
