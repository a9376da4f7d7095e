"""
Component: linear_128x64_fp32
Source: examples/moe_language_model.py
Abstraction Level: kernel
Parent: mixture_of_experts

Operations: [linear]

Input Shapes:
  - x: (32, 128) dtype=float32

Output Shapes:
  - output: (32, 64) dtype=float32

Weight Shapes:
  - linear.weight: [64, 128]
  - linear.bias: [64]
"""

import torch
import torch.nn as nn


class Model(nn.Module):
    """An expert narrows; how many tokens it gets is data."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x):
        return self.linear(x)


def get_inputs():
    return [torch.randn(32, 128)]


def get_init_inputs():
    # in_features, out_features
    return [128, 64]


def get_expected_output_shape():
    return [(32, 64)]


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
