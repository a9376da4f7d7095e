"""
Component: softmax_dimlast_fp32
Source: examples/moe_language_model.py
Abstraction Level: kernel
Parent: mixture_of_experts

Operations: [softmax]

Input Shapes:
  - x: (64, 4) dtype=float32

Output Shapes:
  - output: (64, 4) dtype=float32

Weight Shapes:
  - none
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """Softmax over one dimension."""

    def __init__(self, dim):
        super().__init__()
        self.dim = dim

    def forward(self, x):
        return F.softmax(x, dim=self.dim)


def get_inputs():
    return [torch.randn(64, 4)]


def get_init_inputs():
    # dim
    return [-1]


def get_expected_output_shape():
    return [(64, 4)]


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
