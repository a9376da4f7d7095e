import torch
import torch.nn as nn
import math
from children.linear_8x8_fp32 import Model as Linear
from children.index_add_3x8_fp32 import Model as AddRows
from children.tanh_fp32 import Model as T


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Linear()
        self.t = T()
        self.add_rows = AddRows()

    def forward(self, x, i):
        h = self.a(x)
        return self.t(self.add_rows(h, i))
