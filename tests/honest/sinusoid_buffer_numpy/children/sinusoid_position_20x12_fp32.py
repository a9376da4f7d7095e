"""
Component: sinusoid_position_20x12_fp32
Abstraction Level: kernel
Parent: sinusoid_buffer_numpy
Children: []

Operations: [sinusoid position 20x12 fp32]

Input Shapes:
  - x: [2, 9, 12] dtype=float32

Output Shapes:
  - output: [2, 9, 12] dtype=float32

Weight Shapes:
  - pos_table: [1, 20, 12]
"""

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def sinusoid_table(n_position, d_hid):
    table = np.array([[pos / np.power(10000, 2 * (j // 2) / d_hid) for j in range(d_hid)] for pos in range(n_position)])
    table[:, 0::2] = np.sin(table[:, 0::2])
    table[:, 1::2] = np.cos(table[:, 1::2])
    return torch.tensor(table, dtype=torch.float32).unsqueeze(0)


class Model(nn.Module):
    """sinusoid position 20x12 fp32."""

    def __init__(self):
        super().__init__()
        self.register_buffer("pos_table", sinusoid_table(20, 12))

    def forward(self, x):
        return x + self.pos_table[:, :x.size(1)].clone().detach()


def get_inputs():
    """Test inputs with the shapes this component sees inside its parent."""
    return [torch.randn(2, 9, 12)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(2, 9, 12)]


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
