import torch
import torch.nn as nn


class Model(nn.Module):
    """Routes by the position of the largest feature; only two of the experts are ever chosen."""

    def __init__(self):
        super().__init__()
        self.gate = nn.Linear(6, 2)
        self.experts = nn.ModuleDict({"en": nn.Linear(6, 6), "fr": nn.Linear(6, 6), "it": nn.Linear(6, 6), "ro": nn.Linear(6, 6)})
        self.order = ["en", "fr", "it", "ro"]

    def forward(self, x):
        choice = self.gate(x).argmax(dim=-1)
        out = torch.zeros_like(x)
        for i, name in enumerate(self.order):
            rows = choice == i
            if len(x[rows]) > 0:
                out[rows] = self.experts[name](x[rows])
        return out


def get_inputs():
    return [torch.randn(16, 6)]


def get_init_inputs():
    return []
