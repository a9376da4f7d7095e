"""
Component: causal_mask_64x64_fp32
Source: examples/simple_transformer.py
Abstraction Level: kernel
Parent: causal_self_attention

Operations: [masked_fill]

Input Shapes:
  - scores: [2, 8, 64, 64] dtype=float32

Output Shapes:
  - output: [2, 8, 64, 64] dtype=float32

Weight Shapes:
  - mask: [64, 64] dtype=bool
"""

import torch
import torch.nn as nn


class Model(nn.Module):
    """Sets the scores of positions that lie in a query's future to -inf.

    A kernel because it owns a buffer: a refactored parent owns none.
    """

    def __init__(self, context_length):
        super().__init__()
        future = torch.ones(context_length, context_length, dtype=torch.bool).triu(diagonal=1)
        self.register_buffer("mask", future)

    def forward(self, scores):
        length = scores.shape[-1]
        return scores.masked_fill(self.mask[:length, :length], float("-inf"))


def get_inputs():
    return [torch.randn(2, 8, 64, 64)]


def get_init_inputs():
    # context_length
    return [64]


def get_expected_output_shape():
    return [(2, 8, 64, 64)]


def run_tests():
    """Runs the kernel once: scores of the future become -inf, all others pass unchanged."""
    model = Model(*get_init_inputs()).eval()
    (scores,) = get_inputs()
    with torch.no_grad():
        output = model(scores)
    shape = tuple(output.shape)
    future = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(diagonal=1)
    masked = bool((output[..., future] == float("-inf")).all())
    kept = bool((output[..., ~future] == scores[..., ~future]).all())
    detail = f"shape {shape}, dtype {output.dtype}, future masked: {masked}, rest kept: {kept}"
    as_declared = [shape] == get_expected_output_shape() and output.dtype == torch.float32
    passed = as_declared and masked and kept
    print("PASS" if passed else f"FAIL: {detail}")
    return passed


if __name__ == "__main__":
    import sys

    sys.exit(0 if run_tests() else 1)
