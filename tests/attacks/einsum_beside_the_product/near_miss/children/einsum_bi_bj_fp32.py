"""
Component: einsum_bi_bj_fp32
Abstraction Level: kernel
Parent: model
Children: none

Operations: einsum

Input Shapes:
  - x: (4, 3) dtype=float32
  - y: (4, 5) dtype=float32

Output Shapes:
  - output: (4, 3, 5) dtype=float32

Weight Shapes:
  - none
"""
import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, x, y):
        return torch.einsum("bi,bj->bij", x, y)



def get_inputs():
    return [torch.randn(4, 3), torch.randn(4, 5)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(4, 3, 5)]


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
