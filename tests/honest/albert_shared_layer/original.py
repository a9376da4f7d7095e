import torch
import torch.nn as nn
import torch.nn.functional as F


class Layer(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.dense = nn.Linear(d, d)
        self.norm = nn.LayerNorm(d, eps=1e-12)

    def forward(self, h):
        return self.norm(h + F.gelu(self.dense(h)))


class Model(nn.Module):
    """One layer, applied four times with the same weights."""

    def __init__(self, d=12, repeats=4):
        super().__init__()
        self.shared = Layer(d)
        self.repeats = repeats
        self.pooler = nn.Linear(d, d)

    def forward(self, h):
        all_hidden = (h,)
        for _ in range(self.repeats):
            h = self.shared(h)
            all_hidden += (h,)
        return torch.tanh(self.pooler(h[:, 0])), all_hidden


def get_inputs():
    return [torch.randn(2, 4, 12)]


def get_init_inputs():
    return [12, 4]
