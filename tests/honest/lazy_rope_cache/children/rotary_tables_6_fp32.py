"""
Component: rotary_tables_6_fp32
Abstraction Level: kernel
Parent: lazy_rope_cache
Children: []

Operations: [rotary tables 6 fp32]

Input Shapes:
  - x: [2, 5, 2, 6] dtype=float32

Output Shapes:
  - output0: [1, 5, 1, 3] dtype=float32
  - output1: [1, 5, 1, 3] dtype=float32

Weight Shapes:
  - inv_freq: [3]
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """rotary tables 6 fp32."""

    def __init__(self):
        super().__init__()
        self.register_buffer("inv_freq", 1.0 / (10000.0 ** (torch.arange(0, 6, 2).float() / 6)))
        self.seq_len_cached = None
        self.cos_cached = None
        self.sin_cached = None

    def forward(self, x):
        seq_len = x.shape[1]
        if seq_len != self.seq_len_cached:
            self.seq_len_cached = seq_len
            t = torch.arange(seq_len).type_as(self.inv_freq)
            freqs = torch.outer(t, self.inv_freq)
            self.cos_cached = freqs.cos()[None, :, None, :]
            self.sin_cached = freqs.sin()[None, :, None, :]
        return self.cos_cached, self.sin_cached


def get_inputs():
    """Test inputs with the shapes this component sees inside its parent."""
    return [torch.randn(2, 5, 2, 6)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(1, 5, 1, 3), (1, 5, 1, 3)]


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
