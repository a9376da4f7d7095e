"""
Component: pixel_norm_3_fp32
Abstraction Level: kernel
Parent: buffers_pixel_norm
Children: []

Operations: [per-channel normalisation]

Input Shapes:
  - img: [2, 3, 8, 8] dtype=float32

Output Shapes:
  - output: [2, 3, 8, 8] dtype=float32

Weight Shapes:
  - mean: [1, 3, 1, 1]
  - std: [1, 3, 1, 1]
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """pixel norm 3 fp32."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1))

    def forward(self, img):
        return (img - self.mean) / self.std


def get_inputs():
    """Test inputs with the shapes this component sees inside its parent."""
    return [torch.rand(2, 3, 8, 8)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(2, 3, 8, 8)]


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
