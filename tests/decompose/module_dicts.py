"""Modules in a ModuleDict: by key, by items, and only some of them called."""

import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, width, order):
        super().__init__()
        self.acts = nn.ModuleDict({"relu": nn.ReLU(), "gelu": nn.GELU(), "tanh": nn.Tanh()})
        self.branches = nn.ModuleDict()
        for name in order:
            self.branches[name] = nn.Linear(width, width)
        self.order = order

    def forward(self, x):
        results = {}
        for name, branch in self.branches.items():
            results[name] = self.acts[name](branch(x))
        return {"all": torch.stack([results[n] for n in self.order]), "first": results[self.order[0]]}


def get_inputs():
    return [torch.randn(2, 4, 6)]


def get_init_inputs():
    return [6, ["relu", "gelu"]]
