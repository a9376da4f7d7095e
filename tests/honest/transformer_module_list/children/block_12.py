"""
Component: block_12
Abstraction Level: layer
Parent: transformer_module_list
Children: []

Operations: [layer norm, linear, gelu, linear, residual]

Input Shapes:
  - x: [2, 5, 12] dtype=float32

Output Shapes:
  - output: [2, 5, 12] dtype=float32

Weight Shapes:
  - ln.weight: [12]
  - ln.bias: [12]
  - fc.weight: [48, 12]
  - fc.bias: [48]
  - proj.weight: [12, 48]
  - proj.bias: [12]
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """block 12."""

    def __init__(self):
        super().__init__()
        self.ln = nn.LayerNorm(12)
        self.fc = nn.Linear(12, 48)
        self.proj = nn.Linear(48, 12)

    def forward(self, x):
        return x + self.proj(F.gelu(self.fc(self.ln(x)), approximate="tanh"))


def get_inputs():
    """Test inputs with the shapes this component sees inside its parent."""
    return [torch.randn(2, 5, 12)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(2, 5, 12)]


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
