"""
Component: linear
Abstraction Level: kernel
Parent: model
Children: none

Operations: linear

Input Shapes:
  - x: (5, 6) dtype=float32

Output Shapes:
  - output: (5, 8) dtype=float32

Weight Shapes:
  - linear.weight: (8, 6)
  - linear.bias: (8,)
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
    return [torch.randn(5, 6)]


def get_init_inputs():
    return [6, 8]


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
