"""
Component: alibi_slopes_4_fp32
Abstraction Level: kernel
Parent: alibi_bias
Children: []

Operations: [alibi slopes 4 fp32]

Input Shapes:
  - distance: [5, 5] dtype=int64

Output Shapes:
  - output: [4, 5, 5] dtype=float32

Weight Shapes:
  - none
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


def build_slopes(n_heads):
    start = 2.0 ** (-8.0 / n_heads)
    return torch.tensor([start ** (i + 1) for i in range(n_heads)]).view(n_heads, 1, 1)


class Model(nn.Module):
    """alibi slopes 4 fp32."""

    def __init__(self):
        super().__init__()
        self.register_buffer("slopes", build_slopes(4), persistent=False)

    def forward(self, distance):
        return self.slopes * distance


def get_inputs():
    """Test inputs with the shapes this component sees inside its parent."""
    return [(torch.arange(5)[None, :] - torch.arange(5)[:, None]).clamp(max=0)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(4, 5, 5)]


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
