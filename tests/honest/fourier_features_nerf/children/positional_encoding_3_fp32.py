"""
Component: positional_encoding_3_fp32
Abstraction Level: kernel
Parent: fourier_features_nerf
Children: []

Operations: [sin, cos of scaled coordinates]

Input Shapes:
  - p: [2, 16, 3] dtype=float32

Output Shapes:
  - output: [2, 16, 21] dtype=float32

Weight Shapes:
  - none
"""

import math
import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """NeRF positional encoding (one semantic operation)."""

    def __init__(self):
        super().__init__()
        self.n_freqs = 3

    def forward(self, p):
        out = [p]
        for i in range(self.n_freqs):
            out.append(torch.sin(2 ** i * math.pi * p))
            out.append(torch.cos(2 ** i * math.pi * p))
        return torch.cat(out, dim=-1)


def get_inputs():
    """Test inputs with the shapes this component sees inside its parent."""
    return [torch.rand(2, 16, 3)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(2, 16, 21)]


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
