"""
Component: relative_position_bucket_8_i64
Abstraction Level: kernel
Parent: t5_relative_buckets
Children: []

Operations: [relative position bucket 8 i64]

Input Shapes:
  - relative_position: [12, 12] dtype=int64

Output Shapes:
  - output: [12, 12] dtype=int64

Weight Shapes:
  - none
"""

import math
import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """T5's bucket of a relative position (decoder)."""

    def __init__(self):
        super().__init__()
        self.buckets = 8
        self.max_distance = 16

    def forward(self, relative_position):
        n = torch.max(-relative_position, torch.zeros_like(relative_position))
        max_exact = self.buckets // 2
        is_small = n < max_exact
        large = max_exact + (torch.log(n.float() / max_exact) / math.log(self.max_distance / max_exact) * (self.buckets - max_exact)).to(torch.long)
        large = torch.min(large, torch.full_like(large, self.buckets - 1))
        return torch.where(is_small, n, large)


def get_inputs():
    """Test inputs with the shapes this component sees inside its parent."""
    return [torch.arange(12)[None, :] - torch.arange(12)[:, None]]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(12, 12)]


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
