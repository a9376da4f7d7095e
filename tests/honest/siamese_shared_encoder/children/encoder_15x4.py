"""
Component: encoder_15x4
Abstraction Level: fusion
Parent: siamese_shared_encoder
Children: []

Operations: [encoder 15x4]

Input Shapes:
  - x: [6, 15] dtype=float32

Output Shapes:
  - output: [6, 4] dtype=float32

Weight Shapes:
  - net.0.weight: [10, 15]
  - net.0.bias: [10]
  - net.2.weight: [4, 10]
  - net.2.bias: [4]
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """encoder 15x4."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(15, 10), nn.ReLU(), nn.Linear(10, 4))

    def forward(self, x):
        return self.net(x)


def get_inputs():
    """Test inputs with the shapes this component sees inside its parent."""
    return [torch.randn(6, 15)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(6, 4)]


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
