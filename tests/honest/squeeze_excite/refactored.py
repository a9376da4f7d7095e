import torch
import torch.nn as nn
from children.adaptive_avg_pool2d_1_fp32 import Model as Squeeze
from children.excite_8x2 import Model as Excite


class RefactoredModel(nn.Module):
    def __init__(self, c=8, r=4):
        super().__init__()
        self.squeeze = Squeeze()
        self.excite = Excite()

    def forward(self, x):
        b, c, _, _ = x.size()
        gate = self.excite(self.squeeze(x).view(b, c))
        return x * gate[:, :, None, None]
