"""
Component: linear_tanh
Abstraction Level: fusion
Parent: model
Children: none

Operations: linear, tanh

Input Shapes:
  - x: (1, 6) dtype=float32

Output Shapes:
  - output: (1, 8) dtype=float32

Weight Shapes:
  - fc.weight: (8, 6)
  - fc.bias: (8,)
"""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 8)

    def forward(self, x):
        return self.fc(x).tanh()



def get_inputs():
    return [torch.randn(1, 6)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(1, 8)]


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
