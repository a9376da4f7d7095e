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
        b, n = x.shape
        y = torch.cat([x.view(b, 1, n), x.unsqueeze(1)], dim=1).transpose(0, 1).contiguous()
        return self.proj(y.flip(0)[..., : n // 2].to(torch.float32))
