import torch
import torch.nn as nn
from children.im2col_k2_s2_fp32 import Model as Im2Col
from children.linear_12x12_fp32 import Model as Mix
from children.celu_fp32 import Model as Celu
from children.col2im_k2_s2_fp32 import Model as Col2Im
from children.mean_dimlast_fp32 import Model as Mean


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.im2col = Im2Col()
        self.mix = Mix()
        self.celu = Celu()
        self.col2im = Col2Im()
        self.mean = Mean()

    def forward(self, x):
        height, width = x.shape[-2:]
        cols = self.im2col(x).transpose(1, 2)
        cols = self.celu(self.mix(cols)).transpose(1, 2)
        windows = self.mean(x.unfold(3, 3, 1))
        return self.col2im(cols, (height, width)), windows
