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
        self.named = nn.ModuleDict({"a": Linear(dim), "b": Relu()})
        self.stack = nn.Sequential(Linear(dim), Relu())
        self.sizes = [dim, dim]

    def forward(self, x):
        return self.stack(self.named["a"](x))
