import torch.nn as nn

from children.linear_6x8_fp32 import Model as Linear6x8
from children.tanh_fp32 import Model as Pointwise


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = Linear6x8(6, 8)
        self.pointwise = Pointwise()

    def forward(self, x):
        x = self.fc(x)
        for kind in (0, 1, 2):
            x = self.pointwise(x, kind)
        return x
