import torch
import torch.nn as nn
from children.linear_8x8_fp32 import Model as Linear
from children.softmax_dimlast_fp32 import Model as Softmax


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = Linear()
        self.soft = Softmax()

    def forward(self, x, mask):
        return self.soft(self.fc(x).masked_fill(~mask.bool(), float("-inf")))
