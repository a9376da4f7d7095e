"""
Component: conv_norm_act_32x32
Source: examples/residual_cnn.py
Abstraction Level: fusion
Parent: residual_block_32x32
Children: [conv2d_32x32_3x3_nobias_fp32, batch_norm_32_fp32, relu_fp32]

Operations: [conv2d, batch_norm, relu]

Input Shapes:
  - x: (8, 32, 32, 32) dtype=float32

Output Shapes:
  - output: (8, 32, 32, 32) dtype=float32

Weight Shapes:
  - conv.weight: [32, 32, 3, 3]
  - norm.weight: [32]
  - norm.bias: [32]
  - norm.running_mean: [32]
  - norm.running_var: [32]
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """A 3x3 convolution, its batch norm, and a rectifier."""

    def __init__(self, in_channels, out_channels, stride):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        return F.relu(self.norm(self.conv(x)))


def get_inputs():
    return [torch.randn(8, 32, 32, 32)]


def get_init_inputs():
    # in_channels, out_channels, stride
    return [32, 32, 1]


def get_expected_output_shape():
    return [(8, 32, 32, 32)]


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
