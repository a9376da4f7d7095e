import torch.nn as nn
from children.linear_8x8_fp32 import Model as Linear
from children.exp_fp32 import Model as E


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Linear()
        self.e = E()

    def forward(self, x):
        h = self.a(x)
        e = self.e(h)
        return e.masked_fill(~(h < 50.0), 1.0)
