"""Conditional expressions whose other arm computes."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self, width, causal):
        super().__init__()
        self.linear = nn.Linear(width, width)
        self.causal = causal
        self.bias = None

    def forward(self, x, mask=None):
        y = self.linear(x) if self.bias is None else F.linear(x, self.bias)
        mask = torch.arange(x.shape[1]).float().cumsum(0) if self.causal else mask
        y = torch.softmax(y, dim=-1) if mask is None else torch.sigmoid(y) + mask[None, :, None]
        return y.exp() if self.causal and mask is None else y


def get_inputs():
    return [torch.randn(2, 4, 6)]


def get_init_inputs():
    return [6, False]
