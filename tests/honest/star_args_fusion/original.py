import torch
import torch.nn as nn


class Model(nn.Module):
    """Late fusion of any number of streams."""

    def __init__(self, *sizes, out=4):
        super().__init__()
        self.projections = nn.ModuleList([nn.Linear(s, out) for s in sizes])
        self.norm = nn.LayerNorm(out)

    def forward(self, *streams):
        fused = sum(p(s) for p, s in zip(self.projections, streams))
        return self.norm(fused)


def get_inputs():
    return [torch.randn(3, 4), torch.randn(3, 6), torch.randn(3, 8)]


def get_init_inputs():
    return [4, 6, 8]
