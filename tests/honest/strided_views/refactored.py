import torch
import torch.nn as nn
from children.linear_8x5_fp32 import Model as HalfProjection
from children.sigmoid_fp32 import Model as Sigmoid


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.even = HalfProjection()
        self.odd = HalfProjection()
        self.sigmoid = Sigmoid()

    def forward(self, x):
        pairs = torch.stack([self.even(x[..., ::2]), self.odd(x[..., 1::2])], dim=-1)
        y = self.sigmoid(pairs.flatten(-2))
        first = y[::3, :, 1:-1]
        second = y.movedim(1, 0)[-1]
        third = y.transpose(0, 2)[::4]
        return first, second, third
