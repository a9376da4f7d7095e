"""
Component: sigmoid
Abstraction Level: kernel
Parent: gate

Operations: [sigmoid]

Input Shapes:
  - x: (4, 6) dtype=float32

Output Shapes:
  - output: (4, 6) dtype=float32

Weight Shapes:
  none
"""

import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, x):
        return torch.sigmoid(x)


def get_inputs():
    return [torch.randn(4, 6)]


def get_init_inputs():
    return []


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
