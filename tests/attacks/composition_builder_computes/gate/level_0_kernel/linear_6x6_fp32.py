"""
Component: linear
Abstraction Level: kernel
Parent: gate

Operations: [linear]

Input Shapes:
  - x: (4, 6) dtype=float32

Output Shapes:
  - output: (4, 6) dtype=float32

Weight Shapes:
  - linear.weight: (6, 6)
  - linear.bias: (6,)
"""

import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x):
        return self.linear(x)


def get_inputs():
    return [torch.randn(4, 6)]


def get_init_inputs():
    return [6, 6]


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
