import torch.nn as nn
from children.linear_8x8_fp32 import Model as Linear
from children.tanh_fp32 import Model as Tanh


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Linear()
        self.b = Linear()
        self.t = Tanh()
        self.t2 = Tanh()

    def forward(self, x):
        x = self.t(self.a(x)) * 2.0
        return self.t2(self.b(x))
