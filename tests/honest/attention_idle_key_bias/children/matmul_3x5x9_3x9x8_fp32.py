"""
Component: matmul_3x5x9_3x9x8_fp32
Abstraction Level: kernel

a @ v
"""
from __future__ import annotations

import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, a: torch.Tensor, v: torch.Tensor):
        return a @ v


def get_inputs():
    return [torch.randn(3, 5, 9), torch.randn(3, 9, 8)]


def get_init_inputs() -> list:
    return []


def get_expected_output_shape():
    return [(3, 5, 8)]


# ---------------------------------------------------------------------------
# Self test
# ---------------------------------------------------------------------------
def run_tests() -> bool:
    model = Model(*get_init_inputs()).eval()
    with torch.no_grad():
        out = model(*get_inputs())
    leaves = [out] if torch.is_tensor(out) else [o for o in out if torch.is_tensor(o)]
    for leaf, shape in zip(leaves, get_expected_output_shape()):
        if tuple(leaf.shape) != tuple(shape):
            print(f"FAIL: {tuple(leaf.shape)} != {tuple(shape)}")
            return False
    print("PASS")
    return True


if __name__ == "__main__":
    raise SystemExit(0 if run_tests() else 1)
