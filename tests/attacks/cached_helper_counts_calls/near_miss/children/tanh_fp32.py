import torch
import torch.nn as nn


from functools import lru_cache


@lru_cache(maxsize=None)
def scale(n):
    return 1.0 / n


class Model(nn.Module):
    def forward(self, x):
        assert scale(x.shape[-1]) > 0
        return torch.tanh(x)

def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
