"""
Component: scale_6_fp32
Abstraction Level: kernel
Parent: model
Children: []

Operations: [mul]

Input Shapes:
  - x: [5, 6] dtype=float32

Output Shapes:
  - output: [5, 6] dtype=float32

Weight Shapes:
  - scale: (6,)
"""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.register_buffer("scale", torch.ones(width))

    def forward(self, x):
        return x * self.scale


def get_inputs():
    return [torch.randn(5, 6)]


def get_init_inputs():
    return [6]


def get_expected_output_shape():
    return [(5, 6)]


def run_tests():
    model = Model(*get_init_inputs()).eval()
    with torch.no_grad():
        output = model(*get_inputs())
    assert tuple(output.shape) == tuple(get_expected_output_shape()[0])
    print("PASS")
    return True


if __name__ == "__main__":
    run_tests()
