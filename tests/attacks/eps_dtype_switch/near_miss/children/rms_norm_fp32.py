import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, h):
        v = (h * h).mean(-1, keepdim=True)
        return h * torch.rsqrt(v + 1e-6)


def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
