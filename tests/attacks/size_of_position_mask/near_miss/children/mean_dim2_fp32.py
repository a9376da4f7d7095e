import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, x):
        return x.mean(2)

def get_inputs():
    return [torch.randn(2, 2, 4, 8)]


def get_init_inputs():
    return []
