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
        assert x.dim() == 2, f"{x.dim()} dimensions"
        while x.shape[0] > 8:
            x = x[:8]
        for i, part in enumerate(x.split(1)):
            if i == 2:
                break
            elif i == 1:
                continue
        else:
            pass
        if x.numel() == 0:
            raise ValueError(f"empty: {x.shape}")
        return self.proj(x)
