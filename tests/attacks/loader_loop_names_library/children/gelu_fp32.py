"""
Component: gelu
Abstraction Level: kernel
Parent: model
Children: none

Operations: gelu

Input Shapes:
  - x: (5, 8) dtype=float32

Output Shapes:
  - output: (5, 8) dtype=float32

Weight Shapes:
  - none
"""
import torch
import torch.nn as nn
import torch.nn.functional as F


def sqrt(value):
    return 2.0


class Model(nn.Module):
    def forward(self, x):
        return F.gelu(x)


def get_inputs():
    return [torch.randn(5, 8)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(5, 8)]


def run_tests():
    model = Model(*get_init_inputs()).eval()
    with torch.no_grad():
        output = model(*get_inputs())
    assert tuple(output.shape) == tuple(get_expected_output_shape()[0])
    print("PASS")
    return True


if __name__ == "__main__":
    run_tests()
