"""Methods of objects that are no modules compute: a table of rotations, a scorer."""

import torch
import torch.nn as nn


class Rotation:
    def __init__(self, width, longest):
        angles = torch.outer(torch.arange(longest).float(), 0.1 ** torch.arange(0, width, 2).float())
        self.cos, self.sin = angles.cos(), angles.sin()

    def apply(self, x):
        a, b = x[..., 0::2], x[..., 1::2]
        cos, sin = self.cos[: x.shape[1]], self.sin[: x.shape[1]]
        return torch.cat([a * cos - b * sin, a * sin + b * cos], dim=-1)


class Scorer:
    def __call__(self, q, k):
        return torch.softmax(q @ k.transpose(-1, -2), dim=-1)


class Turned(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear = nn.Linear(width, width)
        self.rotation = Rotation(width, 8)
        self.score = Scorer()

    def forward(self, x):
        y = self.rotation.apply(self.linear(x))
        return self.score(y, y) @ x


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.turned = Turned(width)
        self.head = nn.Linear(width, 2)

    def forward(self, x):
        return self.head(torch.relu(self.turned(x)))


def get_inputs():
    return [torch.randn(2, 4, 6)]


def get_init_inputs():
    return [6]
