import torch
import torch.nn as nn
from children.conv2d_3x4_3x3_fp32 import Model as Conv
from children.batch_norm2d_4_fp32 import Model as Norm
from children.relu_fp32 import Model as Relu


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = Conv()
        self.bn = Norm()
        self.act = Relu()

    def forward(self, x):
        return self.act(self.bn(self.conv(x)))
