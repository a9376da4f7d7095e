import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, h, m):
        return (h * m.unsqueeze(-1)).sum(1) / m.sum(1, keepdim=True)


def get_inputs():
    return [torch.randn(2, 4, 8), torch.ones(2, 4)]


def get_init_inputs():
    return []
