import torch.nn as nn

from children.linear_6x4_fp32 import Model as Linear6x4
from children.softmax_dim1_fp32 import Model as Softmax


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.q = Linear6x4(6, 4)
        self.k = Linear6x4(6, 4)
        self.v = Linear6x4(6, 4)
        self.softmax = Softmax()

    def forward(self, x):
        return self.softmax(self.q(x)) * self.k(x) + self.v(x)
