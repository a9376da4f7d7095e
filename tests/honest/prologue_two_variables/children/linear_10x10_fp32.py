"""
Component: linear_10x10_fp32
Abstraction Level: kernel

linear
"""
from __future__ import annotations

import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(10, 10)

    def forward(self, x: torch.Tensor):
        return self.linear(x)


def get_inputs():
    return [torch.randn(3, 10)]


def get_init_inputs() -> list:
    return []


def get_expected_output_shape():
    return [(3, 10)]


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
