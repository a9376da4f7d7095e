# refactored
# children: linear relu
import torch
import torch.nn as nn
import torch.nn.functional as F
from children.linear import Model as Linear
from children.relu import Model as Relu


class RefactoredModel(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.proj = Linear(dim)
        self.relu = Relu()
        self.steps = nn.ModuleList([Linear(dim), Linear(dim)])

    def forward(self, x):
        self.steps.pop(0)  # <- 9
        return self.relu(self.proj(x))
