import torch.nn as nn

from children.linear_6x4_fp32 import Model as Linear6x4
from children.max_fp32 import Model as Max


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = Linear6x4(6, 4)
        self.max = Max()

    def forward(self, x):
        y = self.fc(x)
        return self.max(y), y.shape[0]
