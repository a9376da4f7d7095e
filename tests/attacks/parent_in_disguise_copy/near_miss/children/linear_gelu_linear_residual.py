"""
Component: linear_gelu_linear_residual
Abstraction Level: fusion
Parent: model
Children: none

Operations: linear, gelu, linear, add

Input Shapes:
  - x: (5, 6) dtype=float32

Output Shapes:
  - output: (5, 6) dtype=float32

Weight Shapes:
  - fc1.weight: (8, 6)
  - fc1.bias: (8,)
  - fc2.weight: (6, 8)
  - fc2.bias: (6,)
"""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(6, 8)
        self.fc2 = nn.Linear(8, 6)

    def forward(self, x):
        return x + self.fc2(F.gelu(self.fc1(x)))


def get_inputs():
    return [torch.randn(5, 6)]


def get_init_inputs():
    return []


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
