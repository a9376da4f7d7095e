import torch
import torch.nn as nn
import math
from children.linear_8x8_fp32 import Model as Linear
from children.tanh_fp32 import Model as T


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Linear()
        self.t = T()

    def forward(self, x, i):
        h = self.a(x)
        out = torch.zeros(3, 8)
        out.index_put_((i,), h, accumulate=True)
        return self.t(out)
