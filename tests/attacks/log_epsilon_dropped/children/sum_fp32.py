import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, x):
        return x.sum(-1)


def get_inputs():
    return [torch.rand(4, 8)]


def get_init_inputs():
    return []
