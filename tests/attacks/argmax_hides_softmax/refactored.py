import torch.nn as nn

from children.linear_6x8_fp32 import Model as Linear6x8
from children.argmax_dim1_fp32_i64 import Model as Argmax


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = Linear6x8(6, 8)
        self.argmax = Argmax()

    def forward(self, x):
        return self.argmax(self.fc(x))
