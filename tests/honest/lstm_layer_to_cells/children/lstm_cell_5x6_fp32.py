"""
Component: lstm_cell_5x6_fp32
Abstraction Level: kernel
Parent: model
Children: none

Operations: lstm_cell

Input Shapes:
  - x: (3, 5) dtype=float32
  - h: (3, 6) dtype=float32
  - c: (3, 6) dtype=float32

Output Shapes:
  - h: (3, 6) dtype=float32
  - c: (3, 6) dtype=float32

Weight Shapes:
  - cell.weight_ih: (24, 5)
  - cell.weight_hh: (24, 6)
  - cell.bias_ih: (24,)
  - cell.bias_hh: (24,)
"""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, inputs, hidden):
        super().__init__()
        self.cell = nn.LSTMCell(inputs, hidden)

    def forward(self, x, h, c):
        return self.cell(x, (h, c))



def get_inputs():
    return [torch.randn(3, 5), torch.randn(3, 6), torch.randn(3, 6)]


def get_init_inputs():
    return [5, 6]


def get_expected_output_shape():
    return [(3, 6), (3, 6)]


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
