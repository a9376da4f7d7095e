import torch
import torch.nn as nn
import math
from children.linear_8x8_fp32 import Model as Linear
from children.tanh_fp32 import Model as T
from children.order import Model as Od


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Linear()
        self.t = T()
        self.o = Od()

    def forward(self, x, k):
        h = self.t(self.a(x))
        return h.gather(-1, self.o(k))
