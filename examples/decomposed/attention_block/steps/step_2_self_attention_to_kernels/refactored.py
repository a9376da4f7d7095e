"""Step 2: self-attention as calls of its kernels.

Left in the parent, as plumbing: splitting and merging the heads, the scaling of the queries, the
transpose of the keys, and the masking of the scores by an input. The learned bias is a parameter
and so belongs to a kernel.
"""

import sys
from pathlib import Path

import torch
import torch.nn as nn

sys.path.insert(0, str(Path(__file__).resolve().parent))

from children.bias_add_6x64x64_fp32 import Model as PositionBias
from children.linear_192x192_fp32 import Model as OutputProjection
from children.linear_192x576_fp32 import Model as PackedProjection
from children.matmul_4x6x64x32_4x6x32x64_fp32 import Model as AttentionScores
from children.matmul_4x6x64x64_4x6x64x32_fp32 import Model as WeightedSum
from children.softmax_dimlast_fp32 import Model as Softmax


class RefactoredModel(nn.Module):
    """Multi-head attention over the positions that hold a token."""

    def __init__(self, dim, num_heads, length):
        super().__init__()
        self.num_heads = num_heads
        self.head_dim = dim // num_heads
        self.scale = self.head_dim**-0.5
        self.qkv_proj = PackedProjection(dim, 3 * dim)
        self.attention_scores = AttentionScores()
        self.add_bias = PositionBias(num_heads, length)
        self.softmax = Softmax(-1)
        self.weighted_sum = WeightedSum()
        self.out_proj = OutputProjection(dim, dim)

    def forward(self, x, padding_mask):
        batch, length, dim = x.shape
        qkv = self.qkv_proj(x).reshape(batch, length, 3, self.num_heads, self.head_dim)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        scores = self.attention_scores(q * self.scale, k.transpose(-2, -1))
        scores = self.add_bias(scores)
        scores = scores.masked_fill(padding_mask[:, None, None, :], float("-inf"))
        weights = self.softmax(scores)
        mixed = self.weighted_sum(weights, v)
        return self.out_proj(mixed.transpose(1, 2).reshape(batch, length, dim))


def get_inputs():
    lengths = torch.tensor([64, 48, 56, 40])
    padding_mask = torch.arange(64)[None, :] >= lengths[:, None]  # true where there is no token
    return [torch.randn(4, 64, 192), padding_mask]


def get_init_inputs():
    # dim, num_heads, length
    return [192, 6, 64]
