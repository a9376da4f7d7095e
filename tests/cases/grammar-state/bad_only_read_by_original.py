# refactored
# original: original_only_reads.py
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
        self.calls = 0

    def forward(self, x):
        self.calls += 1  # <- 9
        return self.proj(x)
