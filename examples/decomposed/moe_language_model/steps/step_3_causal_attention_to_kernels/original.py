"""
Component: causal_attention
Source: examples/moe_language_model.py
Abstraction Level: fusion
Parent: moe_block
Children: [linear_64x192_fp32, scaled_dot_product_attention_causal_2x4x32x16_fp32, linear_64x64_fp32]

Operations: [linear, scaled_dot_product_attention, linear]

Input Shapes:
  - x: (2, 32, 64) dtype=float32

Output Shapes:
  - output: (2, 32, 64) dtype=float32

Weight Shapes:
  - qkv_proj.weight: [192, 64]
  - qkv_proj.bias: [192]
  - out_proj.weight: [64, 64]
  - out_proj.bias: [64]
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """Multi-head attention in which a position sees itself and what came before it."""

    def __init__(self, dim, num_heads):
        super().__init__()
        self.num_heads = num_heads
        self.qkv_proj = nn.Linear(dim, 3 * dim)
        self.out_proj = nn.Linear(dim, dim)

    def forward(self, x):
        batch, length, dim = x.shape
        qkv = self.qkv_proj(x).view(batch, length, 3, self.num_heads, dim // self.num_heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.out_proj(mixed.transpose(1, 2).reshape(batch, length, dim))


def get_inputs():
    return [torch.randn(2, 32, 64)]


def get_init_inputs():
    # dim, num_heads
    return [64, 4]


def get_expected_output_shape():
    return [(2, 32, 64)]


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
