import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.mix = nn.Linear(12, 12)

    def forward(self, x):
        cols = F.unfold(x, kernel_size=2, stride=2)
        cols = F.celu(self.mix(cols.transpose(1, 2))).transpose(1, 2)
        windows = x.unfold(3, 3, 1).mean(-1)
        return F.fold(cols, output_size=x.shape[-2:], kernel_size=2, stride=2), windows


def get_inputs():
    return [torch.randn(2, 3, 6, 6)]


def get_init_inputs():
    return []
