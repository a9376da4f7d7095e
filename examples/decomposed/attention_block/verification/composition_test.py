"""The whole block from L0 kernels only, against the original.

Independent of the steps: needs torch, level_0_kernel/ and level_2_layer/. Prints PASS or FAIL.
"""

import sys
from pathlib import Path

import torch
import torch.nn as nn

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "level_0_kernel"))
sys.path.insert(0, str(ROOT / "level_2_layer"))

from attention_block import Model as OriginalModel
from attention_block import get_init_inputs, get_inputs
from bias_add_6x64x64_fp32 import Model as PositionBias
from layer_norm_192_fp32 import Model as LayerNorm
from linear_192x192_fp32 import Model as OutputProjection
from linear_192x576_fp32 import Model as PackedProjection
from matmul_4x6x64x32_4x6x32x64_fp32 import Model as AttentionScores
from matmul_4x6x64x64_4x6x64x32_fp32 import Model as WeightedSum
from softmax_dimlast_fp32 import Model as Softmax

RTOL = 1e-4
ATOL = 1e-5
TRIALS = 3


class ComposedModel(nn.Module):
    """The container mirrors the original's module: the names of the weights stay comparable."""

    def __init__(self, dim, num_heads, length):
        super().__init__()
        self.num_heads = num_heads
        self.head_dim = dim // num_heads
        self.scale = self.head_dim**-0.5
        self.attention = nn.ModuleDict(
            {
                "qkv_proj": PackedProjection(dim, 3 * dim),
                "scores": AttentionScores(),
                "add_bias": PositionBias(num_heads, length),
                "softmax": Softmax(-1),
                "weighted_sum": WeightedSum(),
                "out_proj": OutputProjection(dim, dim),
            }
        )
        self.norm = LayerNorm(dim)

    def forward(self, x, padding_mask):
        batch, length, dim = x.shape
        qkv = self.attention.qkv_proj(x)
        qkv = qkv.reshape(batch, length, 3, self.num_heads, self.head_dim)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        scores = self.attention.scores(q * self.scale, k.transpose(-2, -1))
        scores = self.attention.add_bias(scores)
        scores = scores.masked_fill(padding_mask[:, None, None, :], float("-inf"))
        mixed = self.attention.weighted_sum(self.attention.softmax(scores), v)
        mixed = mixed.transpose(1, 2).reshape(batch, length, dim)
        return self.norm(x + self.attention.out_proj(mixed))


def original_key(composed_key):
    """The original's name for a composed tensor: a kernel keeps its own one module deeper."""
    key = composed_key.replace(".add_bias.bias", ".position_bias")
    return key.replace(".linear.", ".").replace("norm.norm.", "norm.")


def transfer_weights(original, composed):
    """Copies every parameter and buffer; refuses to leave one out on either side."""
    source = original.state_dict()
    mapped = {key: source.pop(original_key(key)) for key in composed.state_dict()}
    assert not source, f"not used by the composition: {sorted(source)}"
    composed.load_state_dict(mapped)


def perturb(model):
    """Moves every parameter off its default: zero biases and unit norms would hide a wrong map."""
    for parameter in model.parameters():
        parameter.add_(0.05 * torch.randn_like(parameter))


@torch.no_grad()
def main():
    passed = True
    for trial in range(TRIALS):
        torch.manual_seed(42 + trial)
        original = OriginalModel(*get_init_inputs()).eval()
        perturb(original)
        composed = ComposedModel(*get_init_inputs()).eval()
        transfer_weights(original, composed)
        inputs = get_inputs()
        expected = original(*inputs)
        actual = composed(*inputs)
        same = actual.shape == expected.shape and actual.dtype == expected.dtype
        same = same and torch.allclose(actual, expected, rtol=RTOL, atol=ATOL)
        difference = (actual - expected).abs().max().item()
        print(f"trial {trial} (seed {42 + trial}): max difference {difference:.2e}")
        passed = passed and same
    print("PASS" if passed else f"FAIL: beyond rtol {RTOL}, atol {ATOL}")
    return passed


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
