from collections import OrderedDict

import torch
import torch.nn as nn

from children.conv2d_1x4_5x5_fp32 import Model as Conv
from children.batch_norm2d_4_fp32 import Model as Norm
from children.hardswish_fp32 import Model as Act
from children.adaptive_avg_pool2d_2x2_fp32 import Model as Pool
from children.linear_16x10_fp32 import Model as Linear
from children.log_softmax_dim1_fp32 import Model as LogSoftmax


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(OrderedDict([("conv0", Conv()), ("norm0", Norm()), ("act0", Act()), ("pool0", Pool())]))
        self.classifier = nn.Sequential(Linear(), LogSoftmax())

    def forward(self, x):
        x = self.features(x)
        return self.classifier(torch.flatten(x, 1))


def get_inputs():
    return [torch.randn(3, 1, 10, 10)]


def get_init_inputs():
    return []
