"""
Component: embedding
Abstraction Level: kernel
Parent: model
Children: none

Operations: embedding

Input Shapes:
  - ids: (5,) dtype=int64

Output Shapes:
  - output: (5, 6) dtype=float32

Weight Shapes:
  - embedding.weight: (10, 6)
"""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, vocabulary, width):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)

    def forward(self, ids):
        return self.embedding(ids)


def get_inputs():
    return [torch.randint(0, 10, (5,))]


def get_init_inputs():
    return [10, 6]


def get_expected_output_shape():
    return [(5, 6)]


def run_tests():
    model = Model(*get_init_inputs()).eval()
    with torch.no_grad():
        output = model(*get_inputs())
    assert tuple(output.shape) == tuple(get_expected_output_shape()[0])
    print("PASS")
    return True


if __name__ == "__main__":
    run_tests()
