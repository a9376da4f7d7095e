"""Step 3: causal attention as calls of its kernels.

Left in the parent, as plumbing: splitting and merging the heads.
"""

import sys
from pathlib import Path

import torch
import torch.nn as nn

sys.path.insert(0, str(Path(__file__).resolve().parent))

from children.linear_64x192_fp32 import Model as PackedProjection
from children.linear_64x64_fp32 import Model as OutputProjection
from children.scaled_dot_product_attention_causal_2x4x32x16_fp32 import Model as Attention


class RefactoredModel(nn.Module):
    """Multi-head attention in which a position sees itself and what came before it."""

    def __init__(self, dim, num_heads):
        super().__init__()
        self.num_heads = num_heads
        self.qkv_proj = PackedProjection(dim, 3 * dim)
        self.attention = Attention()
        self.out_proj = OutputProjection(dim, dim)

    def forward(self, x):
        batch, length, dim = x.shape
        qkv = self.qkv_proj(x).view(batch, length, 3, self.num_heads, dim // self.num_heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        mixed = self.attention(q, k, v)
        return self.out_proj(mixed.transpose(1, 2).reshape(batch, length, dim))


def get_inputs():
    return [torch.randn(2, 32, 64)]


def get_init_inputs():
    # dim, num_heads
    return [64, 4]
