"""
Component: residual_cnn
Source: examples/residual_cnn.py
Abstraction Level: model
Parent: root
Children: [conv_norm_act_3x32, residual_block_32x32, residual_block_32x64_stride2, adaptive_avg_pool2d_1x1_fp32, linear_64x10_fp32]

Operations: [conv2d x6, batch_norm x6, relu x5, adaptive_avg_pool2d, linear, add x2]

Input Shapes:
  - x: (8, 3, 32, 32) dtype=float32

Output Shapes:
  - output: (8, 10) dtype=float32

Weight Shapes:
  - stem.conv.weight: [32, 3, 3, 3]
  - stem.norm.weight: [32]
  - stem.norm.bias: [32]
  - stem.norm.running_mean: [32]
  - stem.norm.running_var: [32]
  - block_1.first.conv.weight: [32, 32, 3, 3]
  - block_1.first.norm.weight: [32]
  - block_1.first.norm.bias: [32]
  - block_1.first.norm.running_mean: [32]
  - block_1.first.norm.running_var: [32]
  - block_1.second.conv.weight: [32, 32, 3, 3]
  - block_1.second.norm.weight: [32]
  - block_1.second.norm.bias: [32]
  - block_1.second.norm.running_mean: [32]
  - block_1.second.norm.running_var: [32]
  - block_2.first.conv.weight: [64, 32, 3, 3]
  - block_2.first.norm.weight: [64]
  - block_2.first.norm.bias: [64]
  - block_2.first.norm.running_mean: [64]
  - block_2.first.norm.running_var: [64]
  - block_2.second.conv.weight: [64, 64, 3, 3]
  - block_2.second.norm.weight: [64]
  - block_2.second.norm.bias: [64]
  - block_2.second.norm.running_mean: [64]
  - block_2.second.norm.running_var: [64]
  - block_2.shortcut.conv.weight: [64, 32, 1, 1]
  - block_2.shortcut.norm.weight: [64]
  - block_2.shortcut.norm.bias: [64]
  - block_2.shortcut.norm.running_mean: [64]
  - block_2.shortcut.norm.running_var: [64]
  - head.weight: [10, 64]
  - head.bias: [10]
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


class ResidualBlock(nn.Module):
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


class Model(nn.Module):
    """Images in, class scores out."""

    def __init__(self, in_channels, width, num_classes):
        super().__init__()
        self.stem = ConvNormAct(in_channels, width, 1)
        self.block_1 = ResidualBlock(width, width, 1)
        self.block_2 = ResidualBlock(width, 2 * width, 2)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(2 * width, num_classes)

    def forward(self, x):
        x = self.block_2(self.block_1(self.stem(x)))
        return self.head(self.pool(x).flatten(1))


def get_inputs():
    return [torch.randn(8, 3, 32, 32)]


def get_init_inputs():
    # in_channels, width, num_classes
    return [3, 32, 10]


def get_expected_output_shape():
    return [(8, 10)]


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
