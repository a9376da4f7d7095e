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
        self.kept = {}

    def forward(self, x):
        self.kept["first"] = self.proj  # <- 9
        return self.relu(self.proj(x))
