"""
Component: mlp_block
Source: examples/mlp_block.py
Abstraction Level: layer
Parent: root
Children: [rms_norm_512_fp32, swiglu]

Operations: [pow, mean, add, rsqrt, mul, mul, linear, silu, linear, mul, linear, add]

Input Shapes:
  - x: [4, 128, 512] dtype=float32

Output Shapes:
  - output: [4, 128, 512] dtype=float32

Weight Shapes:
  - norm.weight: [512]
  - mlp.gate_proj.weight: [1376, 512]
  - mlp.up_proj.weight: [1376, 512]
  - mlp.down_proj.weight: [512, 1376]
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class RMSNorm(nn.Module):
    """Divides by the root mean square of the last dimension, then scales each channel."""

    def __init__(self, dim, eps):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(dim))

    def forward(self, x):
        mean_square = x.pow(2).mean(dim=-1, keepdim=True)
        return x * torch.rsqrt(mean_square + self.eps) * self.weight


class SwiGLU(nn.Module):
    """down(silu(gate(x)) * up(x)), without biases."""

    def __init__(self, dim, hidden_dim):
        super().__init__()
        self.gate_proj = nn.Linear(dim, hidden_dim, bias=False)
        self.up_proj = nn.Linear(dim, hidden_dim, bias=False)
        self.down_proj = nn.Linear(hidden_dim, dim, bias=False)

    def forward(self, x):
        gate = F.silu(self.gate_proj(x))
        return self.down_proj(gate * self.up_proj(x))


class Model(nn.Module):
    """x + mlp(norm(x))."""

    def __init__(self, dim, hidden_dim, eps):
        super().__init__()
        self.norm = RMSNorm(dim, eps)
        self.mlp = SwiGLU(dim, hidden_dim)

    def forward(self, x):
        return x + self.mlp(self.norm(x))


def get_inputs():
    return [torch.randn(4, 128, 512)]


def get_init_inputs():
    # dim, hidden_dim, eps
    return [512, 1376, 1e-6]


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
