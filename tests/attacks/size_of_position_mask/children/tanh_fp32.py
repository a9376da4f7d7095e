import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, x):
        y = torch.tanh(x)
        return y.masked_fill(torch.arange(len(x)).ge(96)[:, None], 0.0)

def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
