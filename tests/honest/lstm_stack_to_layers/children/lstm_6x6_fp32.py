"""
Component: lstm_6x6_fp32
Abstraction Level: kernel
Parent: model
Children: none

Operations: lstm

Input Shapes:
  - x: (3, 7, 6) dtype=float32
  - h: (1, 3, 6) dtype=float32
  - c: (1, 3, 6) dtype=float32

Output Shapes:
  - out: (3, 7, 6) dtype=float32
  - h: (1, 3, 6) dtype=float32
  - c: (1, 3, 6) dtype=float32

Weight Shapes:
  - lstm.weight_ih_l0: (24, 6)
  - lstm.weight_hh_l0: (24, 6)
  - lstm.bias_ih_l0: (24,)
  - lstm.bias_hh_l0: (24,)
"""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, inputs, hidden):
        super().__init__()
        self.lstm = nn.LSTM(inputs, hidden, batch_first=True)

    def forward(self, x, h, c):
        out, (h, c) = self.lstm(x, (h, c))
        return out, h, c



def get_inputs():
    return [torch.randn(3, 7, 6), torch.randn(1, 3, 6), torch.randn(1, 3, 6)]


def get_init_inputs():
    return [6, 6]


def get_expected_output_shape():
    return [(3, 7, 6), (1, 3, 6), (1, 3, 6)]


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
