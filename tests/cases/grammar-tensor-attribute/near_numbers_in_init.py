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
        self.sizes = [dim, 2 * dim]
        self.scale = dim ** -0.5

    def forward(self, x):
        return self.proj(x) * self.scale
