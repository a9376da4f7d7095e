import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, p, h):
        return (p.transpose(0, 1).unsqueeze(-1) * h).sum(0)


def get_inputs():
    return [torch.rand(5, 3), torch.randn(3, 5, 8)]


def get_init_inputs():
    return []
