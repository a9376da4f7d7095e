import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.pool = nn.MaxPool2d(2, 2, return_indices=True)
        self.unpool = nn.MaxUnpool2d(2, 2)
        self.enc = nn.Conv2d(2, 4, 3, padding=1)
        self.dec = nn.Conv2d(4, 2, 3, padding=1)

    def forward(self, x):
        y, where = self.pool(torch.nn.functional.hardtanh(self.enc(x)))
        return self.dec(self.unpool(y, where)), where


def get_inputs():
    return [torch.randn(2, 2, 8, 8)]


def get_init_inputs():
    return []
