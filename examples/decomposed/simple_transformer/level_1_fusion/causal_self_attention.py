"""
Component: causal_self_attention
Source: examples/simple_transformer.py
Abstraction Level: fusion
Parent: transformer_block
Children: [linear_256x256_fp32, matmul_2x8x64x32_2x8x32x64_fp32, causal_mask_64x64_fp32,
    softmax_dimlast_fp32, matmul_2x8x64x64_2x8x64x32_fp32]

Operations: [linear, linear, linear, matmul, div, masked_fill, softmax, matmul, linear]

Input Shapes:
  - x: [2, 64, 256] dtype=float32

Output Shapes:
  - output: [2, 64, 256] dtype=float32

Weight Shapes:
  - q_proj.weight: [256, 256]
  - q_proj.bias: [256]
  - k_proj.weight: [256, 256]
  - k_proj.bias: [256]
  - v_proj.weight: [256, 256]
  - v_proj.bias: [256]
  - out_proj.weight: [256, 256]
  - out_proj.bias: [256]
  - causal_mask: [64, 64] dtype=bool
"""

import math

import torch
import torch.nn as nn


class Model(nn.Module):
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


def get_inputs():
    return [torch.randn(2, 64, 256)]


def get_init_inputs():
    # dim, num_heads, context_length
    return [256, 8, 64]


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
