import torch
import torch.nn as nn
from children.conv2d_3x5_3x3_fp32 import Model as Conv
from children.batch_norm2d_5_fp32 import Model as BatchNorm
from children.elu_fp32 import Model as Elu


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = Conv()
        self.bn = BatchNorm()
        self.elu = Elu()

    def forward(self, x):
        return self.elu(self.bn(self.conv(x)))
