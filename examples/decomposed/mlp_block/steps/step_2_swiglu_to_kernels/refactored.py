"""Step 2: the gated MLP as calls of its kernels.

Left in the parent, as plumbing: the product of the gate and the up projection.
"""

import sys
from pathlib import Path

import torch
import torch.nn as nn

sys.path.insert(0, str(Path(__file__).resolve().parent))

from children.linear_1376x512_nobias_fp32 import Model as DownProjection
from children.linear_512x1376_nobias_fp32 import Model as UpProjection
from children.silu_fp32 import Model as SiLU


class RefactoredModel(nn.Module):
    """down(silu(gate(x)) * up(x)), without biases."""

    def __init__(self, dim, hidden_dim):
        super().__init__()
        self.gate_proj = UpProjection(dim, hidden_dim)
        self.silu = SiLU()
        self.up_proj = UpProjection(dim, hidden_dim)
        self.down_proj = DownProjection(hidden_dim, dim)

    def forward(self, x):
        gate = self.silu(self.gate_proj(x))
        return self.down_proj(gate * self.up_proj(x))


def get_inputs():
    return [torch.randn(4, 128, 512)]


def get_init_inputs():
    # dim, hidden_dim
    return [512, 1376]
