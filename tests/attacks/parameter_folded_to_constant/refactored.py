import torch.nn as nn

from children.linear_6x8_fp32 import Model as Linear6x8
from children.gelu_fp32 import Model as Gelu


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = Linear6x8(6, 8)
        self.act = Gelu()

    def forward(self, x):
        return self.act(self.fc(x)) * 0.125
