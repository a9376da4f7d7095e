import torch.nn as nn

from children.linear_6x8_fp32 import Model as Linear6x8
from children.softmax_dim1_fp32 import Model as Softmax


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = Linear6x8(6, 8)
        self.softmax = Softmax()

    def forward(self, x, lengths):
        return self.softmax(self.fc(x))
