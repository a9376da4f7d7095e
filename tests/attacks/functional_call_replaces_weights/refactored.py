import torch
import torch.nn as nn

from children.scale_6_fp32 import Model as Scale6
from children.linear_6x4_fp32 import Model as Linear6x4


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = Scale6(6)
        self.fc = Linear6x4(6, 4)

    def forward(self, x):
        weight = self.fc.linear.weight * self.scale.scale
        return torch.func.functional_call(self.fc, {"linear.weight": weight}, (x,))
