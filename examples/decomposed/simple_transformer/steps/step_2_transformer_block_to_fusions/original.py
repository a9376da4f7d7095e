"""
Component: transformer_block
Source: examples/simple_transformer.py
Abstraction Level: layer
Parent: simple_transformer
Children: [layer_norm_256_fp32, causal_self_attention, mlp]

Operations: [layer_norm, linear, linear, linear, matmul, div, masked_fill, softmax, matmul, linear,
    add, layer_norm, linear, gelu, linear, add]

Input Shapes:
  - x: [2, 64, 256] dtype=float32

Output Shapes:
  - output: [2, 64, 256] dtype=float32

Weight Shapes:
  - attention_norm.weight: [256]
  - attention_norm.bias: [256]
  - attention.q_proj.weight: [256, 256]
  - attention.q_proj.bias: [256]
  - attention.k_proj.weight: [256, 256]
  - attention.k_proj.bias: [256]
  - attention.v_proj.weight: [256, 256]
  - attention.v_proj.bias: [256]
  - attention.out_proj.weight: [256, 256]
  - attention.out_proj.bias: [256]
  - attention.causal_mask: [64, 64] dtype=bool
  - mlp_norm.weight: [256]
  - mlp_norm.bias: [256]
  - mlp.up_proj.weight: [1024, 256]
  - mlp.up_proj.bias: [1024]
  - mlp.down_proj.weight: [256, 1024]
  - mlp.down_proj.bias: [256]
"""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class CausalSelfAttention(nn.Module):
    """Multi-head attention in which a position sees itself and what came before it."""

    def __init__(self, dim, num_heads, context_length):
        super().__init__()
        self.num_heads = num_heads
        self.head_dim = dim // num_heads
        self.q_proj = nn.Linear(dim, dim)
        self.k_proj = nn.Linear(dim, dim)
        self.v_proj = nn.Linear(dim, dim)
        self.out_proj = nn.Linear(dim, dim)
        future = torch.ones(context_length, context_length, dtype=torch.bool).triu(diagonal=1)
        self.register_buffer("causal_mask", future)

    def split_heads(self, x):
        batch, length, _ = x.shape
        return x.view(batch, length, self.num_heads, self.head_dim).transpose(1, 2)

    def forward(self, x):
        batch, length, dim = x.shape
        q = self.split_heads(self.q_proj(x))
        k = self.split_heads(self.k_proj(x))
        v = self.split_heads(self.v_proj(x))
        scores = torch.matmul(q, k.transpose(-2, -1)) / math.sqrt(self.head_dim)
        scores = scores.masked_fill(self.causal_mask[:length, :length], float("-inf"))
        weights = torch.softmax(scores, dim=-1)
        mixed = torch.matmul(weights, v)
        return self.out_proj(mixed.transpose(1, 2).reshape(batch, length, dim))


class MLP(nn.Module):
    """Widen, GELU, narrow."""

    def __init__(self, dim, hidden_dim):
        super().__init__()
        self.up_proj = nn.Linear(dim, hidden_dim)
        self.down_proj = nn.Linear(hidden_dim, dim)

    def forward(self, x):
        return self.down_proj(F.gelu(self.up_proj(x)))


class Model(nn.Module):
    """Pre-norm attention and pre-norm MLP, each added to the residual stream."""

    def __init__(self, dim, num_heads, hidden_dim, context_length):
        super().__init__()
        self.attention_norm = nn.LayerNorm(dim)
        self.attention = CausalSelfAttention(dim, num_heads, context_length)
        self.mlp_norm = nn.LayerNorm(dim)
        self.mlp = MLP(dim, hidden_dim)

    def forward(self, x):
        x = x + self.attention(self.attention_norm(x))
        x = x + self.mlp(self.mlp_norm(x))
        return x


def get_inputs():
    return [torch.randn(2, 64, 256)]


def get_init_inputs():
    # dim, num_heads, hidden_dim, context_length
    return [256, 8, 1024, 64]


def get_expected_output_shape():
    return [(2, 64, 256)]


def run_tests():
    """Runs the component once on its own inputs; true when what comes out is as declared."""
    model = Model(*get_init_inputs()).eval()
    with torch.no_grad():
        output = model(*get_inputs())
    shape = tuple(output.shape)
    finite = bool(torch.isfinite(output).all())
    passed = [shape] == get_expected_output_shape() and output.dtype == torch.float32 and finite
    print("PASS" if passed else f"FAIL: shape {shape}, dtype {output.dtype}, finite: {finite}")
    return passed


if __name__ == "__main__":
    import sys

    sys.exit(0 if run_tests() else 1)
