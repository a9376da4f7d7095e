"""
Component: matmul_2x6x6_2x6x6_fp32
Abstraction Level: kernel
Parent: constant_buffers
Children: []

Operations: [matmul]

Input Shapes:
  - a: [2, 6, 6] dtype=float32
  - b: [2, 6, 6] dtype=float32

Output Shapes:
  - output: [2, 6, 6] dtype=float32

Weight Shapes:
  - none
"""
import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, a, b):
        return torch.matmul(a, b)


def get_inputs():
    return [torch.randn(2, 6, 6), torch.randn(2, 6, 6)]


def get_init_inputs():
    return []


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
