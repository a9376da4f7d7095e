import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.proj = nn.Linear(6, 10)

    def forward(self, x):
        y = self.proj(x).sin()
        return y.transpose(1, 2), y.select(-1, 3).expand(3, -1, -1), y[:, :1].expand_as(y)


def get_inputs():
    return [torch.randn(2, 5, 6).permute(0, 1, 2)]


def get_init_inputs():
    return []
