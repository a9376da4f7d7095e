import torch
import torch.nn as nn
import math
from children.linear_8x8_fp32 import Model as Linear
from children.matmul_fp32 import Model as MM
from children.softmax_fp32 import Model as SM
from children.mean_dim1_fp32 import Model as Mean


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.q = Linear()
        self.k = Linear()
        self.v = Linear()
        self.o = Linear()
        self.mm = MM()
        self.sm = SM()
        self.mean = Mean()

    def forward(self, x):
        b, t, d = x.shape
        q = self.q(x).view(b, t, 2, 4).transpose(1, 2)
        k = self.k(x).view(b, t, 2, 4).transpose(1, 2)
        v = self.v(x).view(b, t, 2, 4).transpose(1, 2)
        w = self.sm(self.mm(q * math.sqrt(1.0 / 4.0), k.transpose(-2, -1)))
        y = self.mm(w, v).transpose(1, 2).reshape(b, t, d)
        return self.o(y) + x, self.mean(w)
