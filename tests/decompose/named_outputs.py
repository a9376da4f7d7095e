"""Outputs in a dataclass, a named tuple and a dict, one in another."""

from dataclasses import dataclass
from typing import NamedTuple

import torch
import torch.nn as nn


@dataclass
class Result:
    scores: torch.Tensor
    parts: dict


class Pair(NamedTuple):
    low: torch.Tensor
    high: torch.Tensor


class Split(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.low = nn.Linear(width, 2)
        self.high = nn.Linear(width, 2)

    def forward(self, x):
        return Pair(low=self.low(x), high=torch.exp(self.high(x)))


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.split = Split(width)

    def forward(self, x):
        pair = self.split(x)
        return Result(scores=torch.softmax(pair.low, dim=-1), parts={"pair": pair, "sum": [pair.low + pair.high]})


def get_inputs():
    return [torch.randn(2, 4, 6)]


def get_init_inputs():
    return [6]
