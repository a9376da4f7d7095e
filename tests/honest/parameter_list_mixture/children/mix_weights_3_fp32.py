"""
Component: mix_weights_3_fp32
Abstraction Level: kernel
Parent: parameter_list_mixture
Children: []

Operations: [softmax of the layer scalars]

Input Shapes:

Output Shapes:
  - output: [3] dtype=float32

Weight Shapes:
  - scalars.0: [1]
  - scalars.1: [1]
  - scalars.2: [1]
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """mix weights 3 fp32."""

    def __init__(self):
        super().__init__()
        self.scalars = nn.ParameterList([nn.Parameter(torch.zeros(1)) for _ in range(3)])

    def forward(self):
        return torch.softmax(torch.cat([p for p in self.scalars]), dim=0)


def get_inputs():
    """Test inputs with the shapes this component sees inside its parent."""
    return []


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(3,)]


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
