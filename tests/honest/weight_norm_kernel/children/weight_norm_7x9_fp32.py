"""
Component: weight_norm_7x9_fp32
Abstraction Level: kernel
Parent: weight_norm_kernel
Children: []

Operations: [g * v / |v|]

Input Shapes:

Output Shapes:
  - output: [7, 9] dtype=float32

Weight Shapes:
  - v: [7, 9]
  - g: [7, 1]
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """The normalised weight; takes no input."""

    def __init__(self):
        super().__init__()
        self.v = nn.Parameter(torch.randn(7, 9))
        self.g = nn.Parameter(torch.ones(7, 1))

    def forward(self):
        return self.g * self.v / self.v.norm(dim=1, keepdim=True)


def get_inputs():
    """Test inputs with the shapes this component sees inside its parent."""
    return []


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(7, 9)]


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
