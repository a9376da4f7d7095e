import torch.nn as nn

from children.conv2d_3x4_3x3_fp32 import Model as Conv2d
from children.instance_norm_4_fp32 import Model as InstanceNorm


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = Conv2d(3, 4, 3)
        self.norm = InstanceNorm()

    def forward(self, x):
        return self.norm(self.conv(x))
