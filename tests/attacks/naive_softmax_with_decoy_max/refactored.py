import torch
import torch.nn as nn
import math
from children.linear_8x8_fp32 import Model as Linear
from children.softmax_dimlast_fp32 import Model as Op


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Linear()
        self.op = Op()

    def forward(self, x):
        return self.op(self.a(x))
