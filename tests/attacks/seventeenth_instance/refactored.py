import torch
import torch.nn as nn
import math
from children.linear_8x8_fp32 import Model as Linear
from children.tanh_fp32 import Model as T


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.ModuleList([Linear(i) for i in range(18)])
        self.t = nn.ModuleList([T(i) for i in range(18)])

    def forward(self, x):
        for a, t in zip(self.l, self.t):
            x = t(a(x))
        return x
