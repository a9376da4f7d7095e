import torch
import torch.nn as nn
from children.smooth_1x1x3_fp32 import Model as Smooth
from children.linear_10x10_fp32 import Model as Gain


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.smooth = Smooth()
        self.gain = Gain()

    def forward(self, x):
        return self.gain(self.smooth(x))
