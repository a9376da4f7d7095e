import torch.nn as nn

from children.linear_6x6_fp32 import Model as Linear6x6
from children.gelu_fp32 import Model as Gelu


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.shared = Linear6x6(6, 6)
        self.act = Gelu()

    def forward(self, x):
        return self.shared(self.act(self.shared(x)))
