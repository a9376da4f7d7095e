import os
import sys

_this_dir = os.path.dirname(os.path.abspath(__file__))
if _this_dir not in sys.path:
    sys.path.insert(0, _this_dir)

import torch
import torch.nn as nn

from children.conv2d_4x8_3x3_s2p1_fp32 import Model as Conv1
from children.conv2d_8x8_3x3_p1_fp32 import Model as Conv2
from children.conv2d_4x8_1x1_s2_fp32 import Model as ConvDown
from children.batch_norm2d_8_fp32 import Model as BatchNorm
from children.relu_inplace_fp32 import Model as Relu


class RefactoredModel(nn.Module):
    expansion = 1

    def __init__(self, in_channels, out_channels, stride=1):
        super(RefactoredModel, self).__init__()
        self.conv1 = Conv1()
        self.bn1 = BatchNorm()
        self.relu = Relu()
        self.conv2 = Conv2()
        self.bn2 = BatchNorm()
        self.has_downsample = stride != 1 or in_channels != out_channels * self.expansion
        if self.has_downsample:
            self.downsample = nn.Sequential(ConvDown(), BatchNorm())

    def forward(self, x):
        identity = x
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        if self.has_downsample:
            identity = self.downsample(x)
        out += identity
        return self.relu(out)


def get_inputs():
    return [torch.randn(2, 4, 10, 10)]


def get_init_inputs():
    return [4, 8, 2]
