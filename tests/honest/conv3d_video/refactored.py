import torch
import torch.nn as nn
from children.conv3d_2x8_3x3x3_p1_fp32 import Model as Conv3d
from children.group_norm_4_8_fp32 import Model as GroupNorm
from children.max_pool3d_1x2x2_fp32 import Model as Pool
from children.mean_dims1234_fp32 import Model as GlobalMean


class RefactoredModel(nn.Module):
    def __init__(self, in_channels, out_channels, groups):
        super().__init__()
        self.conv = Conv3d(in_channels, out_channels)
        self.group_norm = GroupNorm(groups, out_channels)
        self.pool = Pool()
        self.mean = GlobalMean()

    def forward(self, x):
        return self.mean(self.pool(self.group_norm(self.conv(x))))


def get_init_inputs():
    return [2, 8, 4]
