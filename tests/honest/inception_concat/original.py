import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, cin=4):
        super().__init__()
        self.branch1x1 = nn.Conv2d(cin, 3, 1)
        self.branch3x3 = nn.Sequential(nn.Conv2d(cin, 2, 1), nn.Conv2d(2, 4, 3, padding=1))
        self.branch5x5 = nn.Sequential(nn.Conv2d(cin, 2, 1), nn.Conv2d(2, 2, 5, padding=2))
        self.branch_pool = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), nn.Conv2d(cin, 2, 1))

    def forward(self, x):
        outputs = [self.branch1x1(x), self.branch3x3(x), self.branch5x5(x), self.branch_pool(x)]
        return torch.cat(outputs, 1)


def get_inputs():
    return [torch.randn(2, 4, 7, 7)]


def get_init_inputs():
    return []
