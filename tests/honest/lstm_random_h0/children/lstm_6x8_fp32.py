"""
Component: lstm_6x8_fp32
Abstraction Level: kernel
Parent: lstm_random_h0
Children: []

Operations: [lstm 6x8 fp32]

Input Shapes:
  - x: [2, 3, 6] dtype=float32
  - h0: [1, 2, 8] dtype=float32
  - c0: [1, 2, 8] dtype=float32

Output Shapes:
  - output0: [2, 3, 8] dtype=float32
  - output1: [1, 2, 8] dtype=float32
  - output2: [1, 2, 8] dtype=float32

Weight Shapes:
  - lstm.weight_ih_l0: [32, 6]
  - lstm.weight_hh_l0: [32, 8]
  - lstm.bias_ih_l0: [32]
  - lstm.bias_hh_l0: [32]
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """lstm 6x8 fp32."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(6, 8, 1, batch_first=True)

    def forward(self, x, h0, c0):
        out, (h, c) = self.lstm(x, (h0, c0))
        return out, h, c


def get_inputs():
    """Test inputs with the shapes this component sees inside its parent."""
    return [torch.randn(2, 3, 6), torch.randn(1, 2, 8), torch.randn(1, 2, 8)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(2, 3, 8), (1, 2, 8), (1, 2, 8)]


def run_tests():
    """Run the component once on its own inputs."""
    try:
        model = Model(*get_init_inputs())
        model.eval()
        with torch.no_grad():
            inputs = get_inputs()
            output = model(*inputs)
            assert output is not None, "Output is None"
            expected_shapes = get_expected_output_shape()
            actual_shapes = [output.shape] if isinstance(output, torch.Tensor) else [o.shape for o in output]
            for i, (actual, expected) in enumerate(zip(actual_shapes, expected_shapes)):
                assert tuple(actual) == tuple(expected), \
                    f"Output {i} shape mismatch: got {actual}, expected {expected}"
            print(f"Output shape(s): {actual_shapes}")
            print("PASS")
            return True
    except Exception as e:
        print(f"FAIL: {e}")
        import traceback
        traceback.print_exc()
        return False


if __name__ == "__main__":
    import sys
    sys.exit(0 if run_tests() else 1)
