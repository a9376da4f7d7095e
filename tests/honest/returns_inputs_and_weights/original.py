import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.codebook = nn.Parameter(torch.randn(5, 4))
        self.proj = nn.Linear(6, 4)

    def forward(self, x, meta):
        z = torch.tanh(self.proj(x))
        return {"z": z, "again": z, "x": x, "meta": meta, "codebook": self.codebook, "first": self.codebook[0]}


def get_inputs():
    return [torch.randn(3, 6), {"ids": torch.arange(3), "name": "batch", "empty": []}]


def get_init_inputs():
    return []
