import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def forward(self, x):
        return F.max_pool1d(x, kernel_size=4, stride=4)


def get_inputs():
    return [torch.randn(2, 3, 16)]


def get_init_inputs():
    return []
