import torch
import torch.nn as nn


class ChannelsFirstLayerNorm(nn.LayerNorm):
    def forward(self, x):
        return super().forward(x.transpose(1, -1)).transpose(1, -1)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = ChannelsFirstLayerNorm(6)
        self.conv = nn.Conv1d(6, 4, 3)

    def forward(self, x):
        return self.conv(self.norm(x)).square()


def get_inputs():
    return [torch.randn(2, 6, 9)]


def get_init_inputs():
    return []
