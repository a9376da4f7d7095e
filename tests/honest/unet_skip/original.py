import torch
import torch.nn as nn
import torch.nn.functional as F


class DoubleConv(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.c1, self.b1 = nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o)
        self.c2, self.b2 = nn.Conv2d(o, o, 3, padding=1, bias=False), nn.BatchNorm2d(o)

    def forward(self, x):
        x = F.relu(self.b1(self.c1(x)))
        return F.relu(self.b2(self.c2(x)))


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.down1, self.down2 = DoubleConv(2, 4), DoubleConv(4, 6)
        self.pool = nn.AvgPool2d(2)
        self.up = nn.ConvTranspose2d(6, 4, 2, stride=2)
        self.dec = DoubleConv(8, 4)
        self.final = nn.Conv2d(4, 2, 1)

    def forward(self, x):
        s1 = self.down1(x)
        s2 = self.down2(self.pool(s1))
        y = torch.cat([s1, self.up(s2)], dim=1)
        return self.final(self.dec(y))


def get_inputs():
    return [torch.randn(1, 2, 8, 8)]


def get_init_inputs():
    return []
