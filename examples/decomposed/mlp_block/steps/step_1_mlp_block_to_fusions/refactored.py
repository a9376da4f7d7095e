"""Step 1: the block as calls of its norm and its gated MLP.

Left in the parent, as plumbing: the residual sum.
"""

import sys
from pathlib import Path

import torch
import torch.nn as nn

sys.path.insert(0, str(Path(__file__).resolve().parent))

from children.rms_norm_512_fp32 import Model as RMSNorm
from children.swiglu import Model as SwiGLU


class RefactoredModel(nn.Module):
    """x + mlp(norm(x))."""

    def __init__(self, dim, hidden_dim, eps):
        super().__init__()
        self.norm = RMSNorm(dim, eps)
        self.mlp = SwiGLU(dim, hidden_dim)

    def forward(self, x):
        return x + self.mlp(self.norm(x))


def get_inputs():
    return [torch.randn(4, 128, 512)]


def get_init_inputs():
    # dim, hidden_dim, eps
    return [512, 1376, 1e-6]
