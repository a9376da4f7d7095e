import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, r=2):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 5, padding=2)
        self.prelu = nn.PReLU(8)
        self.conv2 = nn.Conv2d(8, r * r, 3, padding=1)
        self.shuffle = nn.PixelShuffle(r)

    def forward(self, x):
        return self.shuffle(self.conv2(self.prelu(self.conv1(x))))


def get_inputs():
    return [torch.randn(2, 1, 6, 6)]


def get_init_inputs():
    return []
