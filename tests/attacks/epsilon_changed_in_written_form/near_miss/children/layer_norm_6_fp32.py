"""
Component: layer_norm
Abstraction Level: kernel
Parent: model
Children: none

Operations: layer_norm

Input Shapes:
  - x: (5, 6) dtype=float32

Output Shapes:
  - output: (5, 6) dtype=float32

Weight Shapes:
  - norm.weight: (6,)
  - norm.bias: (6,)
"""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm = nn.LayerNorm(width)

    def forward(self, x):
        centred = x - x.mean(dim=-1, keepdim=True)
        variance = (centred * centred).mean(dim=-1, keepdim=True)
        return centred / torch.sqrt(variance + 1e-5) * self.norm.weight + self.norm.bias


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
