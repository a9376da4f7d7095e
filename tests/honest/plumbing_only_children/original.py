import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 3, 2)
        self.act = nn.Softplus(beta=2, threshold=10)
        self.flatten = nn.Flatten()
        self.shortcut = nn.Identity()
        self.fc = nn.Linear(27, 18)
        self.unflatten = nn.Unflatten(1, (3, 6))

    def forward(self, x):
        y = self.flatten(self.act(self.conv(x)))
        y = self.fc(self.shortcut(y))
        return self.unflatten(y)


def get_inputs():
    return [torch.randn(2, 2, 4, 4)]


def get_init_inputs():
    return []
