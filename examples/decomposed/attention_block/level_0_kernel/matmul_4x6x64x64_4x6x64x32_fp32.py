"""
Component: matmul_4x6x64x64_4x6x64x32_fp32
Source: examples/attention_block.py
Abstraction Level: kernel
Parent: self_attention

Operations: [matmul]

Input Shapes:
  - weights: [4, 6, 64, 64] dtype=float32
  - v: [4, 6, 64, 32] dtype=float32

Output Shapes:
  - output: [4, 6, 64, 32] dtype=float32

Weight Shapes:
  - none
"""

import torch
import torch.nn as nn


class Model(nn.Module):
    """For every query the mean of the values under its attention weights, head by head."""

    def forward(self, weights, v):
        return torch.matmul(weights, v)


def get_inputs():
    return [torch.randn(4, 6, 64, 64), torch.randn(4, 6, 64, 32)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(4, 6, 64, 32)]


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
