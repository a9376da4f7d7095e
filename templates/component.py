"""
Component: linear_16x16_fp32
Abstraction Level: kernel
Parent: two_linears
Children: []

Operations: [linear]

Input Shapes:
  - x: [4, 16] dtype=float32

Output Shapes:
  - output: [4, 16] dtype=float32

Weight Shapes:
  - linear.weight: [16, 16]
  - linear.bias: [16]
"""

# A component stands alone: torch and this file are all that it needs. Kernels, fusions, layers and the model share this form; a
# kernel holds one operation. Its file name says the workload: operation, parameter dimensions, dtype.

import torch
import torch.nn as nn


class Model(nn.Module):
    """Affine map of the last dimension."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x):
        return self.linear(x)


def get_inputs():
    # What the parent gives it: the same shapes and dtypes, nothing made smaller.
    return [torch.randn(4, 16)]


def get_init_inputs():
    # in_features, out_features
    return [16, 16]


def get_expected_output_shape():
    return [(4, 16)]


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
