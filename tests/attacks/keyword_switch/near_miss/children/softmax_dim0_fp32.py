"""
Component: softmax
Abstraction Level: kernel
Parent: model
Children: none

Operations: softmax

Input Shapes:
  - x: (5, 8) dtype=float32

Output Shapes:
  - output: (5, 8) dtype=float32

Weight Shapes:
  - none
"""
import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, x, dim=0):
        return torch.softmax(x, dim=dim)


def get_inputs():
    return [torch.randn(5, 8)]


def get_input_kwargs():
    return {"dim": 0}


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(5, 8)]


def run_tests():
    model = Model(*get_init_inputs()).eval()
    with torch.no_grad():
        output = model(*get_inputs(), **get_input_kwargs())
    assert tuple(output.shape) == tuple(get_expected_output_shape()[0])
    print("PASS")
    return True


if __name__ == "__main__":
    run_tests()
