import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, x):
        # A copy for nobody: the result keeps its graph.
        seen = x.detach()
        return torch.tanh(x) if seen.dim() == x.dim() else x


def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
