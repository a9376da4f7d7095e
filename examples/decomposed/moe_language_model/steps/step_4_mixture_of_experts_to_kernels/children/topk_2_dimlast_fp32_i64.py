"""
Component: topk_2_dimlast_fp32_i64
Source: examples/moe_language_model.py
Abstraction Level: kernel
Parent: mixture_of_experts

Operations: [topk]

Input Shapes:
  - x: (64, 4) dtype=float32

Output Shapes:
  - values: (64, 2) dtype=float32
  - indices: (64, 2) dtype=int64

Weight Shapes:
  - none
"""

import torch
import torch.nn as nn


class Model(nn.Module):
    """The largest values of the last dimension and where they stand."""

    def __init__(self, k):
        super().__init__()
        self.k = k

    def forward(self, x):
        return torch.topk(x, self.k, dim=-1)


def get_inputs():
    return [torch.rand(64, 4)]


def get_init_inputs():
    # k
    return [2]


def get_expected_output_shape():
    return [(64, 2), (64, 2)]


def run_tests():
    """Runs the component once on its own inputs; true when what comes out is as declared."""
    model = Model(*get_init_inputs()).eval()
    with torch.no_grad():
        outputs = model(*get_inputs())
    shapes = [tuple(output.shape) for output in outputs]
    dtypes = [output.dtype for output in outputs]
    passed = shapes == get_expected_output_shape() and dtypes == [torch.float32, torch.int64]
    print("PASS" if passed else f"FAIL: shapes {shapes}, dtypes {dtypes}")
    return passed


if __name__ == "__main__":
    import sys

    sys.exit(0 if run_tests() else 1)
