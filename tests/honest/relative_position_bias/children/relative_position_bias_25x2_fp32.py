"""
Component: relative_position_bias_25x2_fp32
Abstraction Level: kernel
Parent: relative_position_bias
Children: []

Operations: [indexed bias add]

Input Shapes:
  - attn: [4, 2, 9, 9] dtype=float32

Output Shapes:
  - output: [4, 2, 9, 9] dtype=float32

Weight Shapes:
  - table: [25, 2]
  - index: [9, 9]
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """relative position bias 25x2 fp32."""

    def __init__(self):
        super().__init__()
        self.table = nn.Parameter(torch.zeros(25, 2))
        coords = torch.stack(torch.meshgrid([torch.arange(3), torch.arange(3)], indexing="ij")).flatten(1)
        rel = (coords[:, :, None] - coords[:, None, :]).permute(1, 2, 0) + 2
        self.register_buffer("index", rel[..., 0] * 5 + rel[..., 1])

    def forward(self, attn):
        n = attn.shape[-1]
        bias = self.table[self.index.view(-1)].view(n, n, -1).permute(2, 0, 1).contiguous()
        return attn + bias.unsqueeze(0)


def get_inputs():
    """Test inputs with the shapes this component sees inside its parent."""
    return [torch.randn(4, 2, 9, 9)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(4, 2, 9, 9)]


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
