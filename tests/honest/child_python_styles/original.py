import functools
import torch
import torch.nn as nn


@functools.lru_cache(maxsize=None)
def averaging_matrix(t):
    mask = torch.ones(t, t).tril()
    return mask / mask.sum(-1, keepdim=True)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(6, 6) for _ in range(3)])
        self.norm = nn.LayerNorm(6)

    def forward(self, x):
        mix = averaging_matrix(x.size(1))
        for layer in self.layers:
            x = x + torch.nn.functional.gelu(layer(x))
        return self.norm(torch.matmul(mix, x))


def get_inputs():
    return [torch.randn(2, 5, 6)]


def get_init_inputs():
    return []
