import sys
from pathlib import Path

import torch
import torch.nn as nn

sys.path.insert(0, str(Path(__file__).parent / "children"))
from conv_bn_relu_3x8 import Model as ConvBnRelu1
from conv_bn_relu_8x8 import Model as ConvBnRelu2
from max_pool2d_k2_s2_fp32 import Model as MaxPool


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv_bn_relu_1 = ConvBnRelu1()  # child only
        self.conv_bn_relu_2 = ConvBnRelu2()  # child only
        self.maxpool = MaxPool()             # child only

    def forward(self, x):
        x = self.conv_bn_relu_1(x)
        x = self.conv_bn_relu_2(x)
        x = self.maxpool(x)
        return x


def get_inputs():
    return [torch.randn(2, 3, 12, 12)]  # same as parent
