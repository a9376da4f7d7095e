import torch
import torch.nn as nn
from children.linear_8x8_fp32 import Model as Linear
from children.matmul_fp32 import Model as MM
from children.softmax_fp32 import Model as SM


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Linear()
        self.mm = MM()
        self.sm = SM()

    def forward(self, x):
        s = self.mm(self.a(x), x.transpose(1, 2))
        p = torch.arange(x.shape[1])
        s = s.masked_fill((p[:, None] < p[None]) | (p[:, None] - p[None] > 63), float('-inf'))
        return self.mm(self.sm(s), x)
