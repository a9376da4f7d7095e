"""
Component: batch_norm
Abstraction Level: kernel
Parent: model
Children: none

Operations: batch_norm

Input Shapes:
  - x: (2, 3, 6, 6) dtype=float32

Output Shapes:
  - output: (2, 3, 6, 6) dtype=float32

Weight Shapes:
  - norm.weight: (3,)
  - norm.bias: (3,)
  - norm.running_mean: (3,)
  - norm.running_var: (3,)
"""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm = nn.BatchNorm2d(channels)

    def forward(self, x):
        return x * self.norm.weight[:, None, None] + self.norm.bias[:, None, None]


def get_inputs():
    return [torch.randn(2, 3, 6, 6)]


def get_init_inputs():
    return [3]


def get_expected_output_shape():
    return [(2, 3, 6, 6)]


def run_tests():
    model = Model(*get_init_inputs()).eval()
    with torch.no_grad():
        output = model(*get_inputs())
    assert tuple(output.shape) == tuple(get_expected_output_shape()[0])
    print("PASS")
    return True


if __name__ == "__main__":
    run_tests()
