"""
Component: conv2d_64x64_3x3_nobias_fp32
Source: examples/residual_cnn.py
Abstraction Level: kernel
Parent: conv_norm_64x64

Operations: [conv2d]

Input Shapes:
  - x: (8, 64, 16, 16) dtype=float32

Output Shapes:
  - output: (8, 64, 16, 16) dtype=float32

Weight Shapes:
  - conv.weight: [64, 64, 3, 3]
"""

import torch
import torch.nn as nn


class Model(nn.Module):
    """A 3x3 convolution without bias; same padding."""

    def __init__(self, in_channels, out_channels, kernel_size, stride):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding=kernel_size // 2, bias=False)

    def forward(self, x):
        return self.conv(x)


def get_inputs():
    return [torch.randn(8, 64, 16, 16)]


def get_init_inputs():
    # in_channels, out_channels, kernel_size, stride
    return [64, 64, 3, 1]


def get_expected_output_shape():
    return [(8, 64, 16, 16)]


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
