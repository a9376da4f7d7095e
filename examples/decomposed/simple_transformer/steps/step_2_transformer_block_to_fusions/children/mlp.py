"""
Component: mlp
Source: examples/simple_transformer.py
Abstraction Level: fusion
Parent: transformer_block
Children: [linear_256x1024_fp32, gelu_fp32, linear_1024x256_fp32]

Operations: [linear, gelu, linear]

Input Shapes:
  - x: [2, 64, 256] dtype=float32

Output Shapes:
  - output: [2, 64, 256] dtype=float32

Weight Shapes:
  - up_proj.weight: [1024, 256]
  - up_proj.bias: [1024]
  - down_proj.weight: [256, 1024]
  - down_proj.bias: [256]
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """Widen, GELU, narrow."""

    def __init__(self, dim, hidden_dim):
        super().__init__()
        self.up_proj = nn.Linear(dim, hidden_dim)
        self.down_proj = nn.Linear(hidden_dim, dim)

    def forward(self, x):
        return self.down_proj(F.gelu(self.up_proj(x)))


def get_inputs():
    return [torch.randn(2, 64, 256)]


def get_init_inputs():
    # dim, hidden_dim
    return [256, 1024]


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
