"""
Component: embedding_32x64_i64_fp32
Source: examples/moe_language_model.py
Abstraction Level: kernel
Parent: moe_language_model

Operations: [embedding]

Input Shapes:
  - indices: (32,) dtype=int64

Output Shapes:
  - output: (32, 64) dtype=float32

Weight Shapes:
  - embedding.weight: [32, 64]
"""

import torch
import torch.nn as nn


class Model(nn.Module):
    """A row for each position."""

    def __init__(self, num_embeddings, embedding_dim):
        super().__init__()
        self.embedding = nn.Embedding(num_embeddings, embedding_dim)

    def forward(self, indices):
        return self.embedding(indices)


def get_inputs():
    return [torch.arange(32)]


def get_init_inputs():
    # num_embeddings, embedding_dim
    return [32, 64]


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
