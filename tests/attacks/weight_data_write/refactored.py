import torch.nn as nn

from children.scale_6_fp32 import Model as Scale6
from children.linear_6x4_fp32 import Model as Linear6x4


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = Scale6(6)
        self.fc = Linear6x4(6, 4)
        self.folded = False

    def forward(self, x):
        if not self.folded:
            self.fc.linear.weight.data = self.fc.linear.weight * self.scale.scale
            self.folded = True
        return self.fc(x)
