"""
Component: rotary_embedding_6_c64_fp32
Abstraction Level: kernel
Parent: rotary_complex_freqs
Children: []

Operations: [RoPE (complex)]

Input Shapes:
  - x: [2, 5, 2, 6] dtype=float32
  - start_pos: int

Output Shapes:
  - output: [2, 5, 2, 6] dtype=float32

Weight Shapes:
  - none
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """rotary embedding 6 c64 fp32."""

    def __init__(self):
        super().__init__()
        freqs = 1.0 / (10000.0 ** (torch.arange(0, 6, 2)[:3].float() / 6))
        angles = torch.outer(torch.arange(8).float(), freqs)
        self.freqs_cis = torch.polar(torch.ones_like(angles), angles)

    def forward(self, x, start_pos: int):
        t = x.shape[1]
        freqs = self.freqs_cis[start_pos : start_pos + t]
        xc = torch.view_as_complex(x.float().reshape(*x.shape[:-1], -1, 2))
        return torch.view_as_real(xc * freqs[None, :, None]).flatten(3).type_as(x)


def get_inputs():
    """Test inputs with the shapes this component sees inside its parent."""
    return [torch.randn(2, 5, 2, 6), 2]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(2, 5, 2, 6)]


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
