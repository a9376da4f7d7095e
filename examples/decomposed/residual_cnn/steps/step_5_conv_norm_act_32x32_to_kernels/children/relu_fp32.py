"""
Component: relu_fp32
Source: examples/residual_cnn.py
Abstraction Level: kernel
Parent: conv_norm_act_3x32

Operations: [relu]

Input Shapes:
  - x: (8, 32, 32, 32) dtype=float32

Output Shapes:
  - output: (8, 32, 32, 32) dtype=float32

Weight Shapes:
  - none
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """Rectifier; works on any shape."""

    def forward(self, x):
        return F.relu(x)


def get_inputs():
    return [torch.randn(8, 32, 32, 32)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(8, 32, 32, 32)]


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
