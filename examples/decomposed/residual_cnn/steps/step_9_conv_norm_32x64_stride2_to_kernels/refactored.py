"""Step 9: convolution and batch norm as calls of their kernels."""

import sys
from pathlib import Path

import torch
import torch.nn as nn

sys.path.insert(0, str(Path(__file__).resolve().parent))

from children.batch_norm_64_fp32 import Model as BatchNorm
from children.conv2d_32x64_1x1_stride2_nobias_fp32 import Model as Conv


class RefactoredModel(nn.Module):
    """norm(conv(x))."""

    def __init__(self, in_channels, out_channels, kernel_size, stride):
        super().__init__()
        self.conv = Conv(in_channels, out_channels, kernel_size, stride)
        self.norm = BatchNorm(out_channels)

    def forward(self, x):
        return self.norm(self.conv(x))


def get_inputs():
    return [torch.randn(8, 32, 32, 32)]


def get_init_inputs():
    # in_channels, out_channels, kernel_size, stride
    return [32, 64, 1, 2]
