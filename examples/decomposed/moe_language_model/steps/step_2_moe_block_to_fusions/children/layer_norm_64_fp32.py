"""
Component: layer_norm_64_fp32
Source: examples/moe_language_model.py
Abstraction Level: kernel
Parent: moe_block

Operations: [layer_norm]

Input Shapes:
  - x: (2, 32, 64) dtype=float32

Output Shapes:
  - output: (2, 32, 64) dtype=float32

Weight Shapes:
  - norm.weight: [64]
  - norm.bias: [64]
"""

import torch
import torch.nn as nn


class Model(nn.Module):
    """Layer norm over the last dimension."""

    def __init__(self, dim):
        super().__init__()
        self.norm = nn.LayerNorm(dim)

    def forward(self, x):
        return self.norm(x)


def get_inputs():
    return [torch.randn(2, 32, 64)]


def get_init_inputs():
    # dim
    return [64]


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
