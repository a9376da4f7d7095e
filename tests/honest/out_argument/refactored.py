import torch
import torch.nn as nn
from children.linear_8x8_fp32 import Model as Linear
from children.tanh_fp32 import Model as T
from children.double_fp32 import Model as D


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Linear()
        self.t = T()
        self.d = D()

    def forward(self, x):
        h = self.t(self.a(x))
        out = torch.empty(4, 16)
        out[:, ::2] = h
        out[:, 1::2] = -h
        return self.d(out)
