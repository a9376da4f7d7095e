"""
Component: conv_norm_32x64_stride2
Source: examples/residual_cnn.py
Abstraction Level: fusion
Parent: residual_block_32x64_stride2
Children: [conv2d_32x64_1x1_stride2_nobias_fp32, batch_norm_64_fp32]

Operations: [conv2d, batch_norm]

Input Shapes:
  - x: (8, 32, 32, 32) dtype=float32

Output Shapes:
  - output: (8, 64, 16, 16) dtype=float32

Weight Shapes:
  - conv.weight: [64, 32, 1, 1]
  - norm.weight: [64]
  - norm.bias: [64]
  - norm.running_mean: [64]
  - norm.running_var: [64]
"""

import torch
import torch.nn as nn


class Model(nn.Module):
    """A convolution without bias and its batch norm; same padding."""

    def __init__(self, in_channels, out_channels, kernel_size, stride):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding=kernel_size // 2, bias=False)
        self.norm = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        return self.norm(self.conv(x))


def get_inputs():
    return [torch.randn(8, 32, 32, 32)]


def get_init_inputs():
    # in_channels, out_channels, kernel_size, stride
    return [32, 64, 1, 2]


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
