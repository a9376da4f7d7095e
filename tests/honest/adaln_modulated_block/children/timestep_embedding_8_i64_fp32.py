"""
Component: timestep_embedding_8_i64_fp32
Abstraction Level: kernel
Parent: adaln_modulated_block
Children: []

Operations: [timestep embedding 8 i64 fp32]

Input Shapes:
  - t: [3] dtype=int64

Output Shapes:
  - output: [3, 8] dtype=float32

Weight Shapes:
  - none
"""

import math
import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """Sinusoidal timestep embedding."""

    def __init__(self):
        super().__init__()
        self.dim = 8

    def forward(self, t):
        half = self.dim // 2
        freqs = torch.exp(-math.log(10000) * torch.arange(0, half, dtype=torch.float32) / half)
        args = t[:, None].float() * freqs[None]
        return torch.cat([torch.cos(args), torch.sin(args)], dim=-1)


def get_inputs():
    """Test inputs with the shapes this component sees inside its parent."""
    return [torch.randint(0, 1000, (3,))]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(3, 8)]


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
