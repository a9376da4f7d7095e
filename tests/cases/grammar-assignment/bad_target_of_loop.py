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
        for self.proj.scale in range(2):  # <- 13
            x = self.proj(x)
        return self.relu(x)
