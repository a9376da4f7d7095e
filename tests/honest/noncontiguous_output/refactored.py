import torch
import torch.nn as nn
from children.linear_6x10_fp32 import Model as Proj
from children.sin_fp32 import Model as Sin


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.proj = Proj()
        self.sin = Sin()

    def forward(self, x):
        y = self.sin(self.proj(x))
        return y.transpose(1, 2), y.select(-1, 3).expand(3, -1, -1), y[:, :1].expand_as(y)
