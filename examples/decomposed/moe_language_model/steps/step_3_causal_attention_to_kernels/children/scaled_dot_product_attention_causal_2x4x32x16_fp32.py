"""
Component: scaled_dot_product_attention_causal_2x4x32x16_fp32
Source: examples/moe_language_model.py
Abstraction Level: kernel
Parent: causal_attention

Operations: [scaled_dot_product_attention]

Input Shapes:
  - query: (2, 4, 32, 16) dtype=float32
  - key: (2, 4, 32, 16) dtype=float32
  - value: (2, 4, 32, 16) dtype=float32

Output Shapes:
  - output: (2, 4, 32, 16) dtype=float32

Weight Shapes:
  - none
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """Softmax of scaled scores, applied to the values; no position sees a later one."""

    def forward(self, query, key, value):
        return F.scaled_dot_product_attention(query, key, value, is_causal=True)


def get_inputs():
    return [torch.randn(2, 4, 32, 16), torch.randn(2, 4, 32, 16), torch.randn(2, 4, 32, 16)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(2, 4, 32, 16)]


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
