"""
Component: transformer_block_12
Abstraction Level: layer
Parent: model_to_layers_with_helpers
Children: []

Operations: [transformer block 12]

Input Shapes:
  - x: [2, 6, 12] dtype=float32

Output Shapes:
  - output: [2, 6, 12] dtype=float32

Weight Shapes:
  - ln1.weight: [12]
  - ln1.bias: [12]
  - ln2.weight: [12]
  - ln2.bias: [12]
  - attn.qkv.weight: [36, 12]
  - attn.qkv.bias: [36]
  - attn.proj.weight: [12, 12]
  - attn.proj.bias: [12]
  - mlp.0.weight: [24, 12]
  - mlp.0.bias: [24]
  - mlp.2.weight: [12, 24]
  - mlp.2.bias: [12]
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Attention(nn.Module):
    """Causal self-attention, packed qkv."""

    def __init__(self, d, h):
        super().__init__()
        self.h = h
        self.qkv = nn.Linear(d, 3 * d)
        self.proj = nn.Linear(d, d)

    def forward(self, x):
        b, t, d = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, self.h, d // self.h).permute(2, 0, 3, 1, 4).unbind(0)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.proj(y.transpose(1, 2).reshape(b, t, d))


class Model(nn.Module):
    """transformer block 12."""

    def __init__(self):
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(12), nn.LayerNorm(12)
        self.attn = Attention(12, 3)
        self.mlp = nn.Sequential(nn.Linear(12, 24), nn.GELU(), nn.Linear(24, 12))

    def forward(self, x):
        x = x + self.attn(self.ln1(x))
        return x + self.mlp(self.ln2(x))


def get_inputs():
    """Test inputs with the shapes this component sees inside its parent."""
    return [torch.randn(2, 6, 12)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(2, 6, 12)]


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
