import torch
import torch.nn as nn


class Model(nn.Module):
    """Nearest codebook entry of every token, its use counts, and how many entries are in use."""

    def __init__(self):
        super().__init__()
        self.codebook = nn.Parameter(torch.randn(12, 6))

    def forward(self, x):
        d = torch.cdist(x.reshape(-1, 6), self.codebook)
        codes = d.argmin(dim=1)
        counts = torch.bincount(codes, minlength=12)
        used = (counts > 0).sum()
        return codes.view(x.shape[:-1]), counts.to(torch.int32), used, counts > 1


def get_inputs():
    return [torch.randn(4, 9, 6)]


def get_init_inputs():
    return []
