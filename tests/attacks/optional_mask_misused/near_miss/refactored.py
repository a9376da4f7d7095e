import torch.nn as nn
from children.linear_8x8_fp32 import Model as Linear
from children.tanh_fp32 import Model as Tanh


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Linear()
        self.t = Tanh()

    def forward(self, x, mask=None):
        h = self.a(x)
        if mask is not None:
            h = mask * h
        return self.t(h)
