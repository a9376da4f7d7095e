"""
Component: batch_norm_32_fp32
Source: examples/residual_cnn.py
Abstraction Level: kernel
Parent: conv_norm_act_3x32

Operations: [batch_norm]

Input Shapes:
  - x: (8, 32, 32, 32) dtype=float32

Output Shapes:
  - output: (8, 32, 32, 32) dtype=float32

Weight Shapes:
  - norm.weight: [32]
  - norm.bias: [32]
  - norm.running_mean: [32]
  - norm.running_var: [32]
"""

import torch
import torch.nn as nn


class Model(nn.Module):
    """Batch norm over channels, by its running statistics."""

    def __init__(self, num_features):
        super().__init__()
        self.norm = nn.BatchNorm2d(num_features)

    def forward(self, x):
        return self.norm(x)


def get_inputs():
    return [torch.randn(8, 32, 32, 32)]


def get_init_inputs():
    # num_features
    return [32]


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
