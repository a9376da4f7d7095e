import torch
import torch.nn as nn

from children.conv2d_3x6_3x3_p1_fp32 import Model as Conv
from children.instance_norm2d_6_affine_fp32 import Model as Norm
from children.leaky_relu_0p2_fp32 import Model as Act
from children.conv2d_6x2_1x1_fp32 import Model as Head


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = Conv()
        self.norm = Norm()
        self.act = Act()
        self.head = Head()

    def forward(self, x):
        y = self.act(self.norm(self.conv(x)))
        return self.head(y)
