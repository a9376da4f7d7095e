import torch.nn as nn
from children.ws_conv2d_3x8 import Model as Conv
from children.group_norm_2x8 import Model as Norm
from children.silu_fp32 import Model as Act


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = Conv()
        self.norm = Norm()
        self.act = Act()

    def forward(self, x):
        return self.act(self.norm(self.conv(x)))
