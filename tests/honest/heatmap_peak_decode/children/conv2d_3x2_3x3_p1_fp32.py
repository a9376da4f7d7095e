"""
Component: conv2d_3x2_3x3_p1_fp32
Abstraction Level: kernel
Parent: heatmap_peak_decode
Children: []

Operations: [conv2d]

Input Shapes:
  - x: [2, 3, 6, 5] dtype=float32

Output Shapes:
  - output: [2, 2, 6, 5] dtype=float32

Weight Shapes:
  - conv.weight: [2, 3, 3, 3]
  - conv.bias: [2]
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """conv2d 3x2 3x3 p1 fp32."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 2, 3, padding=1)

    def forward(self, x):
        return self.conv(x)


def get_inputs():
    """Test inputs with the shapes this component sees inside its parent."""
    return [torch.randn(2, 3, 6, 5)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(2, 2, 6, 5)]


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
