"""
Component: triplet_margin_loss_fp32
Abstraction Level: kernel
Parent: triplet_margin_loss
Children: []

Operations: [triplet margin loss fp32]

Input Shapes:
  - a: [8, 6] dtype=float32
  - p: [8, 6] dtype=float32
  - n: [8, 6] dtype=float32

Output Shapes:
  - output: [] dtype=float32

Weight Shapes:
  - none
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """triplet margin loss fp32."""

    def __init__(self, margin):
        super().__init__()
        self.loss_fn = torch.nn.TripletMarginLoss(margin=margin)

    def forward(self, a, p, n):
        return self.loss_fn(a, p, n)


def get_inputs():
    """Test inputs with the shapes this component sees inside its parent."""
    return [torch.randn(8, 6), torch.randn(8, 6), torch.randn(8, 6)]


def get_init_inputs():
    return [1.0]


def get_expected_output_shape():
    return [()]


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
