"""
Component: lstm_10x12_l2_fp32
Abstraction Level: kernel
Parent: lstm_tagger
Children: []

Operations: [lstm 10x12 l2 fp32]

Input Shapes:
  - x: [3, 7, 10] dtype=float32

Output Shapes:
  - output0: [3, 7, 12] dtype=float32
  - output1: [2, 3, 12] dtype=float32
  - output2: [2, 3, 12] dtype=float32

Weight Shapes:
  - lstm.weight_ih_l0: [48, 10]
  - lstm.weight_hh_l0: [48, 12]
  - lstm.bias_ih_l0: [48]
  - lstm.bias_hh_l0: [48]
  - lstm.weight_ih_l1: [48, 12]
  - lstm.weight_hh_l1: [48, 12]
  - lstm.bias_ih_l1: [48]
  - lstm.bias_hh_l1: [48]
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """lstm 10x12 l2 fp32."""

    def __init__(self, input_size, hidden_size, num_layers):
        super().__init__()
        self.lstm = nn.LSTM(input_size, hidden_size, num_layers, batch_first=True)

    def forward(self, x):
        return self.lstm(x)


def get_inputs():
    """Test inputs with the shapes this component sees inside its parent."""
    return [torch.randn(3, 7, 10)]


def get_init_inputs():
    return [10, 12, 2]


def get_expected_output_shape():
    return [(3, 7, 12), (2, 3, 12), (2, 3, 12)]


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
