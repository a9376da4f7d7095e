"""The attention half of an encoder layer, post-norm.

Bidirectional multi-head self-attention with one packed query-key-value projection and a learned
bias per head and pair of positions; padded positions are not attended to. The result is added to
the input, and the sum is normalised.
"""

import torch
import torch.nn as nn


class SelfAttention(nn.Module):
    """Multi-head attention over the positions that hold a token."""

    def __init__(self, dim, num_heads, length):
        super().__init__()
        self.num_heads = num_heads
        self.head_dim = dim // num_heads
        self.scale = self.head_dim**-0.5
        self.qkv_proj = nn.Linear(dim, 3 * dim)
        self.position_bias = nn.Parameter(torch.zeros(num_heads, length, length))
        self.out_proj = nn.Linear(dim, dim)

    def forward(self, x, padding_mask):
        batch, length, dim = x.shape
        qkv = self.qkv_proj(x).reshape(batch, length, 3, self.num_heads, self.head_dim)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        scores = torch.matmul(q * self.scale, k.transpose(-2, -1))
        scores = scores + self.position_bias
        scores = scores.masked_fill(padding_mask[:, None, None, :], float("-inf"))
        weights = torch.softmax(scores, dim=-1)
        mixed = torch.matmul(weights, v)
        return self.out_proj(mixed.transpose(1, 2).reshape(batch, length, dim))


class Model(nn.Module):
    """norm(x + attention(x))."""

    def __init__(self, dim, num_heads, length):
        super().__init__()
        self.attention = SelfAttention(dim, num_heads, length)
        self.norm = nn.LayerNorm(dim)

    def forward(self, x, padding_mask):
        return self.norm(x + self.attention(x, padding_mask))


def get_inputs():
    lengths = torch.tensor([64, 48, 56, 40])
    padding_mask = torch.arange(64)[None, :] >= lengths[:, None]  # true where there is no token
    return [torch.randn(4, 64, 192), padding_mask]


def get_init_inputs():
    # dim, num_heads, length
    return [192, 6, 64]
