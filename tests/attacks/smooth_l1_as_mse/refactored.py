import torch
import torch.nn as nn
import math
from children.linear_8x8_fp32 import Model as Linear
from children.sigmoid_fp32 import Model as T
from children.smooth_l1_fp32 import Model as Lo


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Linear()
        self.t = T()
        self.l = Lo()

    def forward(self, x, y):
        return self.l(self.t(self.a(x)) * 0.4, y * 0.4)
