"""
Component: rms_norm_512_fp32
Source: examples/mlp_block.py
Abstraction Level: kernel
Parent: mlp_block

Operations: [pow, mean, add, rsqrt, mul, mul]

Input Shapes:
  - x: [4, 128, 512] dtype=float32

Output Shapes:
  - output: [4, 128, 512] dtype=float32

Weight Shapes:
  - weight: [512]
"""

import torch
import torch.nn as nn


class Model(nn.Module):
    """Divides by the root mean square of the last dimension, then scales each channel."""

    def __init__(self, dim, eps):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(dim))

    def forward(self, x):
        mean_square = x.pow(2).mean(dim=-1, keepdim=True)
        return x * torch.rsqrt(mean_square + self.eps) * self.weight


def get_inputs():
    return [torch.randn(4, 128, 512)]


def get_init_inputs():
    # dim, eps
    return [512, 1e-6]


def get_expected_output_shape():
    return [(4, 128, 512)]


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
