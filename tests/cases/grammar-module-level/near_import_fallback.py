# refactored
# children: linear relu
import torch
import torch.nn as nn
import torch.nn.functional as F
from children.linear import Model as Linear
try:
    from children.relu import Model as Relu
except (ImportError, ModuleNotFoundError):
    from relu import Model as Relu


class RefactoredModel(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.proj = Linear(dim)
        self.relu = Relu()

    def forward(self, x):
        return self.relu(self.proj(x))
