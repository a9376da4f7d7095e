"""Stages that hand on from block to block, deeper than there are levels: they are sequences of their blocks."""

import torch
import torch.nn as nn


class ConvLayer(nn.Module):
    def __init__(self, inputs, outputs, stride=1, activation=True):
        super().__init__()
        self.convolution = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.normalization = nn.BatchNorm2d(outputs)
        self.activation = nn.ReLU() if activation else nn.Identity()

    def forward(self, x):
        x = self.convolution(x)
        x = self.normalization(x)
        return self.activation(x)


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.shortcut = ConvLayer(inputs, outputs, stride, activation=False) if stride > 1 else nn.Identity()
        self.layer = nn.Sequential(ConvLayer(inputs, outputs, stride), ConvLayer(outputs, outputs, activation=False))
        self.activation = nn.ReLU()

    def forward(self, x):
        return self.activation(self.layer(x) + self.shortcut(x))


class Stage(nn.Module):
    def __init__(self, inputs, outputs, depth):
        super().__init__()
        self.blocks = nn.Sequential(Block(inputs, outputs, 2), *[Block(outputs, outputs) for _ in range(depth - 1)])

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return x


class Encoder(nn.Module):
    def __init__(self, widths):
        super().__init__()
        self.stages = nn.ModuleList([])
        for inputs, outputs in zip(widths, widths[1:]):
            self.stages.append(Stage(inputs, outputs, 2))

    def forward(self, x):
        features = ()
        for stage in self.stages:
            x = stage(x)
            features = features + (x,)
        return features


class Model(nn.Module):
    def __init__(self, widths):
        super().__init__()
        self.encoder = Encoder(widths)
        self.head = nn.Linear(widths[-1], 2)

    def forward(self, x):
        features = self.encoder(x)
        return self.head(features[-1].mean(dim=(2, 3)))


def get_inputs():
    return [torch.randn(2, 3, 8, 8)]


def get_init_inputs():
    return [[3, 4, 6]]
