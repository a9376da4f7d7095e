"""
Component: feed_forward_12x20
Abstraction Level: fusion
Parent: decoder_cross_attention
Children: []

Operations: [feed forward 12x20]

Input Shapes:
  - x: [2, 4, 12] dtype=float32

Output Shapes:
  - output: [2, 4, 12] dtype=float32

Weight Shapes:
  - linear1.weight: [20, 12]
  - linear1.bias: [20]
  - linear2.weight: [12, 20]
  - linear2.bias: [12]
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """feed forward 12x20."""

    def __init__(self):
        super().__init__()
        self.linear1 = nn.Linear(12, 20)
        self.linear2 = nn.Linear(20, 12)

    def forward(self, x):
        return self.linear2(F.relu(self.linear1(x)))


def get_inputs():
    """Test inputs with the shapes this component sees inside its parent."""
    return [torch.randn(2, 4, 12)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(2, 4, 12)]


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
