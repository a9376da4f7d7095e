"""
Component: adaptive_avg_pool2d_1x1_fp32
Source: examples/residual_cnn.py
Abstraction Level: kernel
Parent: residual_cnn

Operations: [adaptive_avg_pool2d]

Input Shapes:
  - x: (8, 64, 16, 16) dtype=float32

Output Shapes:
  - output: (8, 64, 1, 1) dtype=float32

Weight Shapes:
  - none
"""

import torch
import torch.nn as nn


class Model(nn.Module):
    """The mean over all places of each channel."""

    def __init__(self, output_size):
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(output_size)

    def forward(self, x):
        return self.pool(x)


def get_inputs():
    return [torch.randn(8, 64, 16, 16)]


def get_init_inputs():
    # output_size
    return [1]


def get_expected_output_shape():
    return [(8, 64, 1, 1)]


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
