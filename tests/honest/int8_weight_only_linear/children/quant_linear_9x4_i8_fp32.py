"""
Component: quant_linear_9x4_i8_fp32
Abstraction Level: fusion
Parent: int8_weight_only_linear
Children: []

Operations: [dequantise and linear]

Input Shapes:
  - x: [5, 9] dtype=float32

Output Shapes:
  - output: [5, 4] dtype=float32

Weight Shapes:
  - bias: [4]
  - qweight: [4, 9]
  - scales: [4, 1]
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """quant linear 9x4 i8 fp32."""

    def __init__(self):
        super().__init__()
        w = torch.randn(4, 9)
        scale = w.abs().amax(1, keepdim=True) / 127
        self.register_buffer("qweight", (w / scale).round().to(torch.int8))
        self.register_buffer("scales", scale)
        self.bias = nn.Parameter(torch.zeros(4))

    def forward(self, x):
        return F.linear(x, self.qweight.to(x.dtype) * self.scales, self.bias)


def get_inputs():
    """Test inputs with the shapes this component sees inside its parent."""
    return [torch.randn(5, 9)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(5, 4)]


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
