"""
Component: spectral_weights_4x4x5_c64
Abstraction Level: kernel
Parent: complex_spectral_conv
Children: []

Operations: [spectral weights 4x4x5 c64]

Input Shapes:
  - spectrum: [2, 4, 5] dtype=complex64

Output Shapes:
  - output: [2, 4, 5] dtype=complex64

Weight Shapes:
  - weight: [4, 4, 5]
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """spectral weights 4x4x5 c64."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(4, 4, 5, dtype=torch.cfloat) / 4)

    def forward(self, spectrum):
        return torch.einsum("bix,iox->box", spectrum, self.weight)


def get_inputs():
    """Test inputs with the shapes this component sees inside its parent."""
    return [torch.randn(2, 4, 5, dtype=torch.cfloat)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(2, 4, 5)]


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
