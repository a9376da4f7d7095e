"""
Component: gelu
Abstraction Level: kernel
Parent: model
Children: none

Operations: gelu

Input Shapes:
  - x: (5, 6) dtype=float32

Output Shapes:
  - output: (5, 4) dtype=float32

Weight Shapes:
  - none
"""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def forward(self, x):
        return F.gelu


def get_inputs():
    return [torch.randn(5, 6)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(5, 4)]


def run_tests():
    assert Model(*get_init_inputs())(*get_inputs()) is not None
    print("PASS")
    return True


if __name__ == "__main__":
    run_tests()
