"""Step 4: convolution, batch norm and rectifier as calls of their kernels."""

import sys
from pathlib import Path

import torch
import torch.nn as nn

sys.path.insert(0, str(Path(__file__).resolve().parent))

from children.batch_norm_32_fp32 import Model as BatchNorm
from children.conv2d_3x32_3x3_nobias_fp32 import Model as Conv
from children.relu_fp32 import Model as ReLU


class RefactoredModel(nn.Module):
    """relu(norm(conv(x)))."""

    def __init__(self, in_channels, out_channels, stride):
        super().__init__()
        self.conv = Conv(in_channels, out_channels, 3, stride)
        self.norm = BatchNorm(out_channels)
        self.relu = ReLU()

    def forward(self, x):
        return self.relu(self.norm(self.conv(x)))


def get_inputs():
    return [torch.randn(8, 3, 32, 32)]


def get_init_inputs():
    # in_channels, out_channels, stride
    return [3, 32, 1]
