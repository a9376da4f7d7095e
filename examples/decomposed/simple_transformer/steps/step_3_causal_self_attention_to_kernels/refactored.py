"""Step 3: causal self-attention as calls of its kernels.

Left in the parent, as plumbing: splitting and merging the heads, the transpose of the keys, and the
division of the scores by the square root of the head's width.
"""

import math
import sys
from pathlib import Path

import torch
import torch.nn as nn

sys.path.insert(0, str(Path(__file__).resolve().parent))

from children.causal_mask_64x64_fp32 import Model as CausalMask
from children.linear_256x256_fp32 import Model as Linear
from children.matmul_2x8x64x32_2x8x32x64_fp32 import Model as AttentionScores
from children.matmul_2x8x64x64_2x8x64x32_fp32 import Model as WeightedSum
from children.softmax_dimlast_fp32 import Model as Softmax


class RefactoredModel(nn.Module):
    """Multi-head attention in which a position sees itself and what came before it."""

    def __init__(self, dim, num_heads, context_length):
        super().__init__()
        self.num_heads = num_heads
        self.head_dim = dim // num_heads
        self.q_proj = Linear(dim, dim)
        self.k_proj = Linear(dim, dim)
        self.v_proj = Linear(dim, dim)
        self.attention_scores = AttentionScores()
        self.apply_mask = CausalMask(context_length)
        self.softmax = Softmax(-1)
        self.weighted_sum = WeightedSum()
        self.out_proj = Linear(dim, dim)

    def split_heads(self, x):
        batch, length, _ = x.shape
        return x.view(batch, length, self.num_heads, self.head_dim).transpose(1, 2)

    def forward(self, x):
        batch, length, dim = x.shape
        q = self.split_heads(self.q_proj(x))
        k = self.split_heads(self.k_proj(x))
        v = self.split_heads(self.v_proj(x))
        scores = self.attention_scores(q, k.transpose(-2, -1)) / math.sqrt(self.head_dim)
        weights = self.softmax(self.apply_mask(scores))
        mixed = self.weighted_sum(weights, v)
        return self.out_proj(mixed.transpose(1, 2).reshape(batch, length, dim))


def get_inputs():
    return [torch.randn(2, 64, 256)]


def get_init_inputs():
    # dim, num_heads, context_length
    return [256, 8, 64]
