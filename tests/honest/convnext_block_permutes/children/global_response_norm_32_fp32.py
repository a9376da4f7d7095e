"""
Component: global_response_norm_32_fp32
Abstraction Level: kernel
Parent: convnext_block_permutes
Children: []

Operations: [global response norm 32 fp32]

Input Shapes:
  - x: [2, 5, 5, 32] dtype=float32

Output Shapes:
  - output: [2, 5, 5, 32] dtype=float32

Weight Shapes:
  - grn_gamma: [1, 1, 1, 32]
  - grn_beta: [1, 1, 1, 32]
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """Global response normalisation (ConvNeXt V2)."""

    def __init__(self):
        super().__init__()
        self.grn_gamma = nn.Parameter(torch.zeros(1, 1, 1, 32))
        self.grn_beta = nn.Parameter(torch.zeros(1, 1, 1, 32))

    def forward(self, x):
        gx = torch.norm(x, p=2, dim=(1, 2), keepdim=True)
        nx = gx / (gx.mean(dim=-1, keepdim=True) + 1e-6)
        return self.grn_gamma * (x * nx) + self.grn_beta + x


def get_inputs():
    """Test inputs with the shapes this component sees inside its parent."""
    return [torch.randn(2, 5, 5, 32)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(2, 5, 5, 32)]


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
