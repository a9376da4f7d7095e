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

    def forward(self, x):
        step = self.proj
        weight = step.weight  # <- 18
        step = x * 2
        return self.relu(self.proj(step)) * weight
