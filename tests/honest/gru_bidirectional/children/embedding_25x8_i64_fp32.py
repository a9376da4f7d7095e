"""
Component: embedding_25x8_i64_fp32
Abstraction Level: kernel

Extracted from gru_bidirectional.
"""
from __future__ import annotations

import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.emb = nn.Embedding(25, 8)

    def forward(self, tokens: torch.Tensor):
        return self.emb(tokens)


def get_inputs():
    return [torch.randint(25, size=(3, 7))]


def get_init_inputs() -> list:
    return []


def get_expected_output_shape():
    return [(3, 7, 8)]


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
