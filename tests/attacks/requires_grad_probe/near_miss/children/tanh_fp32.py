import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, x):
        y = torch.tanh(x)
        return y.clone() if y.requires_grad else y


def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
