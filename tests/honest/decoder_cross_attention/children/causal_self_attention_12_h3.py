"""
Component: causal_self_attention_12_h3
Abstraction Level: fusion
Parent: decoder_cross_attention
Children: []

Operations: [causal self attention 12 h3]

Input Shapes:
  - x: [2, 4, 12] dtype=float32
  - mask: [4, 4] dtype=float32

Output Shapes:
  - output: [2, 4, 12] dtype=float32

Weight Shapes:
  - attn.in_proj_weight: [36, 12]
  - attn.in_proj_bias: [36]
  - attn.out_proj.weight: [12, 12]
  - attn.out_proj.bias: [12]
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """causal self attention 12 h3."""

    def __init__(self):
        super().__init__()
        self.attn = nn.MultiheadAttention(12, 3, dropout=0.0, batch_first=True)

    def forward(self, x, mask):
        return self.attn(x, x, x, attn_mask=mask, need_weights=False)[0]


def get_inputs():
    """Test inputs with the shapes this component sees inside its parent."""
    return [torch.randn(2, 4, 12), torch.full((4, 4), float('-inf')).triu(1)]


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
