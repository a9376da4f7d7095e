"""
Component: einsum_aij_ajk_fp32
Abstraction Level: kernel
Parent: model
Children: none

Operations: einsum

Input Shapes:
  - x: (2, 5, 6) dtype=float32
  - y: (2, 6, 4) dtype=float32

Output Shapes:
  - output: (2, 5, 4) dtype=float32

Weight Shapes:
  - none
"""
import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, x, y):
        return torch.einsum("aij,ajk->aik", x, y)



def get_inputs():
    return [torch.randn(2, 5, 6), torch.randn(2, 6, 4)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(2, 5, 4)]


def run_tests():
    model = Model(*get_init_inputs()).eval()
    with torch.no_grad():
        output = model(*get_inputs())
    outputs = output if isinstance(output, tuple) else (output,)
    assert [tuple(o.shape) for o in outputs] == [tuple(s) for s in get_expected_output_shape()]
    print("PASS")
    return True


if __name__ == "__main__":
    run_tests()
