import torch
import torch.nn as nn
from children.conv2d_4x3_1x1_fp32 import Model as Branch1x1
from children.branch3x3 import Model as Branch3x3
from children.branch5x5 import Model as Branch5x5
from children.branch_pool import Model as BranchPool


class RefactoredModel(nn.Module):
    def __init__(self, cin=4):
        super().__init__()
        self.branches = nn.ModuleList([Branch1x1(), Branch3x3(), Branch5x5(), BranchPool()])

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.branches], 1)
