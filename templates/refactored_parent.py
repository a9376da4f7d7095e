"""The parent as calls of its children; it becomes steps/step_N_.../refactored.py, with the children in children/ beside it."""

import sys
from pathlib import Path

import torch
import torch.nn as nn

sys.path.insert(0, str(Path(__file__).resolve().parent))

from children.linear_16x16_fp32 import Model as Linear


class RefactoredModel(nn.Module):
    """x + second(first(x))."""

    def __init__(self, width):
        super().__init__()
        # Instances of children only, no nn.Linear here. One file serves as many instances as there are; names as in the original
        # let the weights be matched without a weight_map.json.
        self.first = Linear(width, width)
        self.second = Linear(width, width)

    def forward(self, x):
        # Calls of children, shapes, slices, assembly, casts, + - * / and Python control flow. Everything that computes is a child.
        return x + self.second(self.first(x))


def get_inputs():
    # Those of original.py.
    return [torch.randn(4, 16)]


def get_init_inputs():
    # width
    return [16]
