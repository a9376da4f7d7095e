"""
Component: gate
Abstraction Level: fusion
Parent: root

Operations: [gate]

Input Shapes:
  - x: (4, 6) dtype=float32

Output Shapes:
  - output: (4, 6) dtype=float32

Weight Shapes:
  - value.weight: (6, 6)
  - value.bias: (6,)
  - gate.weight: (6, 6)
  - gate.bias: (6,)
"""

import torch
import torch.nn as nn


class Model(nn.Module):
    """x + value(x) * sigmoid(gate(x))."""

    def __init__(self, width):
        super().__init__()
        self.value = nn.Linear(width, width)
        self.gate = nn.Linear(width, width)

    def forward(self, x):
        return x + self.value(x) * torch.sigmoid(self.gate(x))


def get_inputs():
    return [torch.randn(4, 6)]


def get_init_inputs():
    return [6]


def get_expected_output_shape():
    return [(4, 6)]


def run_tests():
    model = Model(*get_init_inputs()).eval()
    with torch.no_grad():
        output = model(*get_inputs())
    passed = tuple(output.shape) == get_expected_output_shape()[0]
    print("PASS" if passed else "FAIL")
    return passed


if __name__ == "__main__":
    raise SystemExit(0 if run_tests() else 1)
