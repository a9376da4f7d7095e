"""
Component: packed_lstm_5x6_fp32
Abstraction Level: fusion
Parent: packed_sequence_lstm
Children: []

Operations: [packed lstm 5x6 fp32]

Input Shapes:
  - x: [3, 7, 5] dtype=float32
  - lengths: [3] dtype=int64

Output Shapes:
  - output0: [3, 7, 6] dtype=float32
  - output1: [1, 3, 6] dtype=float32
  - output2: [3] dtype=int64

Weight Shapes:
  - lstm.weight_ih_l0: [24, 5]
  - lstm.weight_hh_l0: [24, 6]
  - lstm.bias_ih_l0: [24]
  - lstm.bias_hh_l0: [24]
"""

from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """packed lstm 5x6 fp32."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(5, 6, batch_first=True)

    def forward(self, x, lengths):
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        out, (h, _) = self.lstm(packed)
        out, sizes = pad_packed_sequence(out, batch_first=True, total_length=x.size(1))
        return out, h, sizes


def get_inputs():
    """Test inputs with the shapes this component sees inside its parent."""
    return [torch.randn(3, 7, 5), torch.tensor([4, 7, 2])]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(3, 7, 6), (1, 3, 6), (3,)]


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
