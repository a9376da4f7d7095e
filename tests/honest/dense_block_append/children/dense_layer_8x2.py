"""
Component: dense_layer_8x2
Abstraction Level: fusion
Parent: dense_block_append
Children: []

Operations: [batch norm, relu, conv2d]

Input Shapes:
  - x: [2, 8, 5, 5] dtype=float32

Output Shapes:
  - output: [2, 2, 5, 5] dtype=float32

Weight Shapes:
  - norm.weight: [8]
  - norm.bias: [8]
  - norm.running_mean: [8]
  - norm.running_var: [8]
  - norm.num_batches_tracked: []
  - conv.weight: [2, 8, 3, 3]
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """dense layer 8x2."""

    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm2d(8)
        self.relu = nn.ReLU()
        self.conv = nn.Conv2d(8, 2, 3, padding=1, bias=False)

    def forward(self, x):
        return self.conv(self.relu(self.norm(x)))


def get_inputs():
    """Test inputs with the shapes this component sees inside its parent."""
    return [torch.randn(2, 8, 5, 5)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(2, 2, 5, 5)]


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
