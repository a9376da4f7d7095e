"""
Component: residual_block_32x64_stride2
Source: examples/residual_cnn.py
Abstraction Level: layer
Parent: residual_cnn
Children: [conv_norm_act_32x64_stride2, conv_norm_64x64, conv_norm_32x64_stride2, relu_fp32]

Operations: [conv2d, batch_norm, relu, conv2d, batch_norm, conv2d, batch_norm, add, relu]

Input Shapes:
  - x: (8, 32, 32, 32) dtype=float32

Output Shapes:
  - output: (8, 64, 16, 16) dtype=float32

Weight Shapes:
  - first.conv.weight: [64, 32, 3, 3]
  - first.norm.weight: [64]
  - first.norm.bias: [64]
  - first.norm.running_mean: [64]
  - first.norm.running_var: [64]
  - second.conv.weight: [64, 64, 3, 3]
  - second.norm.weight: [64]
  - second.norm.bias: [64]
  - second.norm.running_mean: [64]
  - second.norm.running_var: [64]
  - shortcut.conv.weight: [64, 32, 1, 1]
  - shortcut.norm.weight: [64]
  - shortcut.norm.bias: [64]
  - shortcut.norm.running_mean: [64]
  - shortcut.norm.running_var: [64]
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class ConvNormAct(nn.Module):
    """A 3x3 convolution, its batch norm, and a rectifier."""

    def __init__(self, in_channels, out_channels, stride):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        return F.relu(self.norm(self.conv(x)))


class ConvNorm(nn.Module):
    """A convolution without bias and its batch norm; same padding."""

    def __init__(self, in_channels, out_channels, kernel_size, stride):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding=kernel_size // 2, bias=False)
        self.norm = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        return self.norm(self.conv(x))


class Model(nn.Module):
    """Two convolutions beside a shortcut, which has a convolution of its own where the shape changes."""

    def __init__(self, in_channels, out_channels, stride):
        super().__init__()
        self.first = ConvNormAct(in_channels, out_channels, stride)
        self.second = ConvNorm(out_channels, out_channels, 3, 1)
        self.has_shortcut = stride != 1 or in_channels != out_channels
        if self.has_shortcut:
            self.shortcut = ConvNorm(in_channels, out_channels, 1, stride)

    def forward(self, x):
        residual = self.shortcut(x) if self.has_shortcut else x
        return F.relu(self.second(self.first(x)) + residual)


def get_inputs():
    return [torch.randn(8, 32, 32, 32)]


def get_init_inputs():
    # in_channels, out_channels, stride
    return [32, 64, 2]


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
