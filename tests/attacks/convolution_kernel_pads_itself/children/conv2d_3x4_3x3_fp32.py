"""
Component: conv2d
Abstraction Level: kernel
Parent: model
Children: none

Operations: conv2d

Input Shapes:
  - x: (2, 3, 6, 6) dtype=float32

Output Shapes:
  - output: (2, 4, 4, 4) dtype=float32

Weight Shapes:
  - conv.weight: (4, 3, 3, 3)
  - conv.bias: (4,)
"""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size)

    def forward(self, x):
        y = nn.functional.conv2d(x, self.conv.weight, self.conv.bias, padding=2)
        return y[:, :, 2:-2, 2:-2]


def get_inputs():
    return [torch.randn(2, 3, 6, 6)]


def get_init_inputs():
    return [3, 4, 3]


def get_expected_output_shape():
    return [(2, 4, 4, 4)]


def run_tests():
    model = Model(*get_init_inputs()).eval()
    with torch.no_grad():
        output = model(*get_inputs())
    assert tuple(output.shape) == tuple(get_expected_output_shape()[0])
    print("PASS")
    return True


if __name__ == "__main__":
    run_tests()
