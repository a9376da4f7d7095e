"""
Component: linear_6x2_fp32
Abstraction Level: kernel
Parent: model
Children: none

Operations: linear

Input Shapes:
  - x: (3, 6) dtype=float32

Output Shapes:
  - output: (3, 2) dtype=float32

Weight Shapes:
  - linear.weight: (2, 6)
  - linear.bias: (2,)
"""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.linear = nn.Linear(inputs, outputs)

    def forward(self, x):
        return self.linear(x)



def get_inputs():
    return [torch.randn(3, 6)]


def get_init_inputs():
    return [6, 2]


def get_expected_output_shape():
    return [(3, 2)]


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
