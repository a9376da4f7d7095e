import torch
import torch.nn as nn


class Model(nn.Module):
    """StyleGAN noise injection: active in eval, too."""

    def __init__(self, c=4):
        super().__init__()
        self.conv = nn.Conv2d(c, c, 3, padding=1)
        self.weight = nn.Parameter(torch.zeros(1, c, 1, 1))

    def forward(self, x):
        y = self.conv(x)
        noise = torch.randn(y.size(0), 1, y.size(2), y.size(3))
        return nn.functional.leaky_relu(y + self.weight * noise, 0.2)


def get_inputs():
    return [torch.randn(2, 4, 5, 5)]


def get_init_inputs():
    return []
