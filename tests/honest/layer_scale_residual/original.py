import torch
import torch.nn as nn


class LayerScale(nn.Module):
    def __init__(self, dim, init_values=1e-2):
        super().__init__()
        self.gamma = nn.Parameter(init_values * torch.ones(dim))

    def forward(self, x):
        return x * self.gamma


class Model(nn.Module):
    def __init__(self, dim=10, drop_path=0.2):
        super().__init__()
        self.drop_path = drop_path
        self.norm1, self.norm2 = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.mix = nn.Linear(dim, dim)
        self.ls1 = LayerScale(dim)
        self.mlp = nn.Sequential(nn.Linear(dim, 2 * dim), nn.GELU(), nn.Linear(2 * dim, dim))
        self.ls2 = LayerScale(dim)

    def maybe_drop(self, x):
        if self.drop_path > 0.0 and self.training:
            keep = torch.rand(x.shape[0], 1, 1) > self.drop_path
            return x * keep / (1 - self.drop_path)
        return x

    def forward(self, x):
        x = x + self.maybe_drop(self.ls1(self.mix(self.norm1(x))))
        x = x + self.maybe_drop(self.ls2(self.mlp(self.norm2(x))))
        return x


def get_inputs():
    return [torch.randn(2, 4, 10)]


def get_init_inputs():
    return []
