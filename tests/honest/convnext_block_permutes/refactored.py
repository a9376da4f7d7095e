import torch
import torch.nn as nn
from children.conv2d_8x8_7x7_p3g8_fp32 import Model as DwConv
from children.layer_norm_8_fp32 import Model as Norm
from children.linear_8x32_fp32 import Model as PwConv1
from children.gelu_fp32 import Model as Gelu
from children.global_response_norm_32_fp32 import Model as GRN
from children.linear_32x8_fp32 import Model as PwConv2


class RefactoredModel(nn.Module):
    def __init__(self, dim=8, layer_scale=1e-6):
        super().__init__()
        self.dwconv = DwConv()
        self.norm = Norm()
        self.pwconv1 = PwConv1()
        self.act = Gelu()
        self.grn = GRN()
        self.pwconv2 = PwConv2()

    def forward(self, x):
        shortcut = x
        x = self.dwconv(x)
        x = x.permute(0, 2, 3, 1)                      # NCHW -> NHWC
        x = self.grn(self.act(self.pwconv1(self.norm(x))))
        x = self.pwconv2(x).permute(0, 3, 1, 2)        # NHWC -> NCHW
        return shortcut + x
