"""
Component: embedding_4096x256_i64_fp32
Source: examples/simple_transformer.py
Abstraction Level: kernel
Parent: simple_transformer

Operations: [embedding]

Input Shapes:
  - tokens: [2, 64] dtype=int64

Output Shapes:
  - output: [2, 64, 256] dtype=float32

Weight Shapes:
  - embedding.weight: [4096, 256]
"""

import torch
import torch.nn as nn


class Model(nn.Module):
    """One learned vector for each token of the vocabulary."""

    def __init__(self, num_embeddings, dim):
        super().__init__()
        self.embedding = nn.Embedding(num_embeddings, dim)

    def forward(self, tokens):
        return self.embedding(tokens)


def get_inputs():
    return [torch.randint(0, 4096, (2, 64))]


def get_init_inputs():
    # num_embeddings, dim
    return [4096, 256]


def get_expected_output_shape():
    return [(2, 64, 256)]


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
