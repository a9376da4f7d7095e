"""Weights that are read past the module that holds them."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.conv = nn.Conv1d(width, width, 3, padding=1)

    def forward(self, x):
        weight = torch.cat([self.query.weight, self.key.weight])
        bias = torch.cat([self.query.bias, self.key.bias])
        q, k = F.linear(x, weight, bias).chunk(2, dim=-1)
        att = torch.softmax(q @ k.transpose(1, 2), dim=-1)
        y = F.conv1d(x.transpose(1, 2), self.conv.weight, self.conv.bias, padding=1)
        return att @ y.transpose(1, 2)


def get_inputs():
    return [torch.randn(2, 4, 6)]


def get_init_inputs():
    return [6]
