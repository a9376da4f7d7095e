"""
Component: swiglu
Source: examples/mlp_block.py
Abstraction Level: fusion
Parent: mlp_block
Children: [linear_512x1376_nobias_fp32, silu_fp32, linear_1376x512_nobias_fp32]

Operations: [linear, silu, linear, mul, linear]

Input Shapes:
  - x: [4, 128, 512] dtype=float32

Output Shapes:
  - output: [4, 128, 512] dtype=float32

Weight Shapes:
  - gate_proj.weight: [1376, 512]
  - up_proj.weight: [1376, 512]
  - down_proj.weight: [512, 1376]
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """down(silu(gate(x)) * up(x)), without biases."""

    def __init__(self, dim, hidden_dim):
        super().__init__()
        self.gate_proj = nn.Linear(dim, hidden_dim, bias=False)
        self.up_proj = nn.Linear(dim, hidden_dim, bias=False)
        self.down_proj = nn.Linear(hidden_dim, dim, bias=False)

    def forward(self, x):
        gate = F.silu(self.gate_proj(x))
        return self.down_proj(gate * self.up_proj(x))


def get_inputs():
    return [torch.randn(4, 128, 512)]


def get_init_inputs():
    # dim, hidden_dim
    return [512, 1376]


def get_expected_output_shape():
    return [(4, 128, 512)]


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
