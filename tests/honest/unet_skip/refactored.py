import torch
import torch.nn as nn
from children.double_conv_2x4 import Model as Down1
from children.double_conv_4x6 import Model as Down2
from children.avg_pool2d_k2_fp32 import Model as Pool
from children.conv_transpose2d_6x4_2x2_s2_fp32 import Model as Up
from children.double_conv_8x4 import Model as Decoder
from children.conv2d_4x2_1x1_fp32 import Model as Final


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.down1 = Down1()
        self.down2 = Down2()
        self.pool = Pool()
        self.up = Up()
        self.dec = Decoder()
        self.final = Final()

    def forward(self, x):
        skip = self.down1(x)
        bottom = self.down2(self.pool(skip))
        merged = torch.cat([skip, self.up(bottom)], dim=1)
        return self.final(self.dec(merged))
