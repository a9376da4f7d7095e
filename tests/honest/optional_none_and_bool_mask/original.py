import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.inp = nn.Linear(6, 9)
        self.ctx = nn.Linear(4, 9)
        self.out = nn.Linear(9, 2)

    def forward(self, x, bias=None, keep=None, context=None):
        h = self.inp(x)
        if bias is not None:
            h = h + bias
        if context is not None:
            h = h + self.ctx(context)
        h = torch.nn.functional.softsign(h)
        if keep is not None:
            h = h * keep.unsqueeze(-1).to(h.dtype)
        return self.out(h), None if bias is None else h


def get_inputs():
    return [torch.randn(3, 5, 6), None, torch.rand(3, 5) > 0.3, torch.randn(3, 5, 4)]


def get_init_inputs():
    return []
