"""
Component: attention_block
Source: examples/attention_block.py
Abstraction Level: layer
Parent: root
Children: [self_attention, layer_norm_192_fp32]

Operations: [linear, mul, matmul, add, masked_fill, softmax, matmul, linear, add, layer_norm]

Input Shapes:
  - x: [4, 64, 192] dtype=float32
  - padding_mask: [4, 64] dtype=bool

Output Shapes:
  - output: [4, 64, 192] dtype=float32

Weight Shapes:
  - attention.qkv_proj.weight: [576, 192]
  - attention.qkv_proj.bias: [576]
  - attention.position_bias: [6, 64, 64]
  - attention.out_proj.weight: [192, 192]
  - attention.out_proj.bias: [192]
  - norm.weight: [192]
  - norm.bias: [192]
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


def get_expected_output_shape():
    return [(4, 64, 192)]


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
