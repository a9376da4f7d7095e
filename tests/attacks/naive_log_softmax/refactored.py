import torch
import torch.nn as nn
import math
from children.linear_8x8_fp32 import Model as Linear
from children.log_softmax_fp32 import Model as Op


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Linear()
        self.l = Op()

    def forward(self, x):
        return self.l(self.a(x))
