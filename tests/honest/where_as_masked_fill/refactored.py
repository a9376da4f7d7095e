import torch
import torch.nn as nn
from children.linear_6x5_fp32 import Model as Score
from children.softmax_dimlast_fp32 import Model as Softmax

MIN_FP32 = -3.4028234663852886e+38


class RefactoredModel(nn.Module):
    """torch.where is not plumbing, masked_fill is."""

    def __init__(self):
        super().__init__()
        self.score = Score()
        self.softmax = Softmax()

    def forward(self, x, mask):
        s = self.score(x).masked_fill(~mask, MIN_FP32)
        return self.softmax(s)
