"""
Component: window
Abstraction Level: kernel
Parent: model
Children: none

Operations: window

Input Shapes:
  - x: (5, 6) dtype=float32

Output Shapes:
  - output: (5, 6) dtype=float32

Weight Shapes:
  - window: (6,)
"""
import numpy as np
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, samples):
        super().__init__()
        self.register_buffer("window", torch.tensor(np.hanning(samples + 2)[1:-1], dtype=torch.float32))

    def forward(self, x):
        return x * self.window


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
