"""
Component: conv_dw_8x8_s1
Abstraction Level: layer

Extracted from depthwise_separable.
"""
from __future__ import annotations

import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.dw = nn.Conv2d(8, 8, 3, 1, 1, groups=8, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.pw = nn.Conv2d(8, 8, 1, 1, 0, bias=False)
        self.bn2 = nn.BatchNorm2d(8)
        self.relu6 = nn.ReLU6(inplace=True)

    def forward(self, x: torch.Tensor):
        x = self.relu6(self.bn1(self.dw(x)))
        return self.relu6(self.bn2(self.pw(x)))


def get_inputs():
    return [torch.randn(2, 8, 4, 4)]


def get_init_inputs() -> list:
    return []


def get_expected_output_shape():
    return [(2, 8, 4, 4)]


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
