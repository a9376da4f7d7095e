import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, x):
        count = (x.size(1) - 4) // 2 + 1
        return x.as_strided((x.size(0), count, 4), (x.stride(0), 2 * x.stride(1), x.stride(1)))

def get_inputs():
    return [torch.randn(2, 12)]


def get_init_inputs():
    return []
