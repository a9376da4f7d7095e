"""Step 4: the MLP as calls of its kernels. Nothing is left in the parent."""

import sys
from pathlib import Path

import torch
import torch.nn as nn

sys.path.insert(0, str(Path(__file__).resolve().parent))

from children.gelu_fp32 import Model as GELU
from children.linear_1024x256_fp32 import Model as DownProjection
from children.linear_256x1024_fp32 import Model as UpProjection


class RefactoredModel(nn.Module):
    """Widen, GELU, narrow."""

    def __init__(self, dim, hidden_dim):
        super().__init__()
        self.up_proj = UpProjection(dim, hidden_dim)
        self.gelu = GELU()
        self.down_proj = DownProjection(hidden_dim, dim)

    def forward(self, x):
        return self.down_proj(self.gelu(self.up_proj(x)))


def get_inputs():
    return [torch.randn(2, 64, 256)]


def get_init_inputs():
    # dim, hidden_dim
    return [256, 1024]
