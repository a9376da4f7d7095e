"""
Component: bias_add_6x64x64_fp32
Source: examples/attention_block.py
Abstraction Level: kernel
Parent: self_attention

Operations: [add]

Input Shapes:
  - scores: [4, 6, 64, 64] dtype=float32

Output Shapes:
  - output: [4, 6, 64, 64] dtype=float32

Weight Shapes:
  - bias: [6, 64, 64]
"""

import torch
import torch.nn as nn


class Model(nn.Module):
    """Adds a learned bias for each head and pair of positions.

    A kernel because it owns a parameter: a refactored parent owns none.
    """

    def __init__(self, num_heads, length):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(num_heads, length, length))

    def forward(self, scores):
        return scores + self.bias


def get_inputs():
    return [torch.randn(4, 6, 64, 64)]


def get_init_inputs():
    # num_heads, length
    return [6, 64]


def get_expected_output_shape():
    return [(4, 6, 64, 64)]


def run_tests():
    """Runs the component once on its own inputs; true when what comes out is as declared."""
    model = Model(*get_init_inputs()).eval()
    with torch.no_grad():
        output = model(*get_inputs())
    shape = tuple(output.shape)
    finite = bool(torch.isfinite(output).all())
    passed = [shape] == get_expected_output_shape() and output.dtype == torch.float32 and finite
    print("PASS" if passed else f"FAIL: shape {shape}, dtype {output.dtype}, finite: {finite}")
    return passed


if __name__ == "__main__":
    import sys

    sys.exit(0 if run_tests() else 1)
