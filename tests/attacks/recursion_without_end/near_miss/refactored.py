import torch.nn as nn

from children.linear_4x4_fp32 import Model as Linear4x4
from children.gelu_fp32 import Model as Gelu


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = Linear4x4(4, 4)
        self.act = Gelu()

    def again(self, x, depth):
        if depth == 0:
            return x
        return self.again(self.act(self.fc(x)), depth - 1)

    def forward(self, x):
        return self.again(x, 3)
