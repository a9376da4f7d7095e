"""The whole model from L0 kernels only, against the original.

Independent of the steps: needs torch, level_0_kernel/ and level_3_model/. Prints PASS or FAIL.
"""

import math
import sys
from pathlib import Path

import torch
import torch.nn as nn

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "level_0_kernel"))
sys.path.insert(0, str(ROOT / "level_3_model"))

from causal_mask_64x64_fp32 import Model as CausalMask
from embedding_4096x256_i64_fp32 import Model as TokenEmbedding
from embedding_64x256_i64_fp32 import Model as PositionEmbedding
from gelu_fp32 import Model as GELU
from layer_norm_256_fp32 import Model as LayerNorm
from linear_1024x256_fp32 import Model as DownProjection
from linear_256x1024_fp32 import Model as UpProjection
from linear_256x256_fp32 import Model as Linear
from linear_256x4096_nobias_fp32 import Model as OutputHead
from matmul_2x8x64x32_2x8x32x64_fp32 import Model as AttentionScores
from matmul_2x8x64x64_2x8x64x32_fp32 import Model as WeightedSum
from simple_transformer import Model as OriginalModel
from simple_transformer import get_init_inputs, get_inputs
from softmax_dimlast_fp32 import Model as Softmax

RTOL = 1e-4
ATOL = 1e-5
TRIALS = 3


class ComposedModel(nn.Module):
    """The containers mirror the original's modules: the names of the weights stay comparable."""

    def __init__(self, vocab_size, context_length, dim, num_heads, hidden_dim, num_blocks):
        super().__init__()
        self.num_heads = num_heads
        self.head_dim = dim // num_heads
        self.token_embedding = TokenEmbedding(vocab_size, dim)
        self.position_embedding = PositionEmbedding(context_length, dim)
        self.blocks = nn.ModuleList(
            nn.ModuleDict(
                {
                    "attention_norm": LayerNorm(dim),
                    "attention": nn.ModuleDict(
                        {
                            "q_proj": Linear(dim, dim),
                            "k_proj": Linear(dim, dim),
                            "v_proj": Linear(dim, dim),
                            "scores": AttentionScores(),
                            "apply_mask": CausalMask(context_length),
                            "softmax": Softmax(-1),
                            "weighted_sum": WeightedSum(),
                            "out_proj": Linear(dim, dim),
                        }
                    ),
                    "mlp_norm": LayerNorm(dim),
                    "mlp": nn.ModuleDict(
                        {
                            "up_proj": UpProjection(dim, hidden_dim),
                            "gelu": GELU(),
                            "down_proj": DownProjection(hidden_dim, dim),
                        }
                    ),
                }
            )
            for _ in range(num_blocks)
        )
        self.final_norm = LayerNorm(dim)
        self.output_head = OutputHead(dim, vocab_size)

    def split_heads(self, x):
        batch, length, _ = x.shape
        return x.view(batch, length, self.num_heads, self.head_dim).transpose(1, 2)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1], device=tokens.device)
        x = self.token_embedding(tokens) + self.position_embedding(positions)
        for block in self.blocks:
            h = block.attention_norm(x)
            q = self.split_heads(block.attention.q_proj(h))
            k = self.split_heads(block.attention.k_proj(h))
            v = self.split_heads(block.attention.v_proj(h))
            scores = block.attention.scores(q, k.transpose(-2, -1)) / math.sqrt(self.head_dim)
            weights = block.attention.softmax(block.attention.apply_mask(scores))
            mixed = block.attention.weighted_sum(weights, v)
            x = x + block.attention.out_proj(mixed.transpose(1, 2).reshape(x.shape))

            h = block.mlp.up_proj(block.mlp_norm(x))
            x = x + block.mlp.down_proj(block.mlp.gelu(h))
        return self.output_head(self.final_norm(x))


def original_key(composed_key):
    """The original's name for a composed tensor: a kernel keeps its own one module deeper."""
    key = composed_key.replace(".apply_mask.mask", ".causal_mask")
    for inner in ("embedding", "linear", "norm"):
        key = key.replace(f".{inner}.", ".")
    return key


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
