"""
Component: running_mean
Abstraction Level: kernel
Parent: model
Children: none

Operations: running_mean

Input Shapes:
  - x: (5, 4) dtype=float32

Output Shapes:
  - output: (5, 4) dtype=float32

Weight Shapes:
  - mean: (4,)
"""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.register_buffer("mean", torch.zeros(width))

    def forward(self, x):
        self.mean.mul_(0.9).add_(x.mean(dim=0), alpha=0.1)
        return x - self.mean


def get_inputs():
    return [torch.randn(5, 4)]


def get_init_inputs():
    return [4]


def get_expected_output_shape():
    return [(5, 4)]


def run_tests():
    model = Model(*get_init_inputs()).eval()
    with torch.no_grad():
        output = model(*get_inputs())
    assert tuple(output.shape) == tuple(get_expected_output_shape()[0])
    print("PASS")
    return True


if __name__ == "__main__":
    run_tests()
