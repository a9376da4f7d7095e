import torch
import torch.nn as nn
import math
from children.linear_8x8_fp32 import Model as Linear
from children.keep_last_4x8 import Model as Keep
from children.tanh_fp32 import Model as T


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Linear()
        self.t = T()
        self.keep = Keep()

    def forward(self, x):
        return self.t(self.keep(self.a(x)))
