import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, x, y):
        return (x * y).sum(-1) / (torch.sqrt((x * x).sum(-1)) * torch.sqrt((y * y).sum(-1)))


def get_inputs():
    return [torch.randn(4, 8), torch.randn(4, 8)]


def get_init_inputs():
    return []
