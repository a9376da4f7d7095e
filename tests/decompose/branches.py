"""Branches of a module's own settings: what never runs is left out where it computes."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Gate(nn.Module):
    def __init__(self, width, kind, bias):
        super().__init__()
        self.linear = nn.Linear(width, width)
        self.kind = kind
        self.bias = nn.Parameter(torch.randn(width)) if bias else None

    def forward(self, x):
        y = self.linear(x)
        if self.kind == "relu":
            y = F.relu(y)
        elif self.kind == "tanh":
            y = torch.tanh(y)
        else:
            raise ValueError(self.kind)
        if self.bias is not None:
            y = y + self.bias
        return F.dropout(y, p=0.1, training=self.training)


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.gates = nn.ModuleList([Gate(width, "relu", True), Gate(width, "tanh", False), Gate(width, "relu", True)])

    def forward(self, x, scale=None):
        for gate in self.gates:
            x = x + gate(x)
        if scale is not None:
            x = torch.exp(x) * scale
        return x


def get_inputs():
    return [torch.randn(3, 6)]


def get_init_inputs():
    return [6]
