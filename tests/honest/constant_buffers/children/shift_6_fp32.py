"""
Component: shift_6_fp32
Abstraction Level: kernel
Parent: constant_buffers
Children: []

Operations: [add]

Input Shapes:
  - x: [2, 6, 6] dtype=float32

Output Shapes:
  - output: [2, 6, 6] dtype=float32

Weight Shapes:
  - shift: (6,)
"""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.register_buffer("shift", torch.zeros(width))

    def forward(self, x):
        return x + self.shift


def get_inputs():
    return [torch.randn(2, 6, 6)]


def get_init_inputs():
    return [6]


def get_expected_output_shape():
    return [(2, 6, 6)]


def run_tests():
    model = Model(*get_init_inputs()).eval()
    with torch.no_grad():
        output = model(*get_inputs())
    assert tuple(output.shape) == tuple(get_expected_output_shape()[0])
    print("PASS")
    return True


if __name__ == "__main__":
    run_tests()
