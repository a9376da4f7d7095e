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

from linear_1376x512_nobias_fp32 import Model as DownProjection
from linear_512x1376_nobias_fp32 import Model as UpProjection
from mlp_block import Model as OriginalModel
from mlp_block import get_init_inputs, get_inputs
from rms_norm_512_fp32 import Model as RMSNorm
from silu_fp32 import Model as SiLU

RTOL = 1e-4
ATOL = 1e-5
TRIALS = 3


class ComposedModel(nn.Module):
    """The container mirrors the original's module: the names of the weights stay comparable."""

    def __init__(self, dim, hidden_dim, eps):
        super().__init__()
        self.norm = RMSNorm(dim, eps)
        self.mlp = nn.ModuleDict(
            {
                "gate_proj": UpProjection(dim, hidden_dim),
                "silu": SiLU(),
                "up_proj": UpProjection(dim, hidden_dim),
                "down_proj": DownProjection(hidden_dim, dim),
            }
        )

    def forward(self, x):
        h = self.norm(x)
        gate = self.mlp.silu(self.mlp.gate_proj(h))
        return x + self.mlp.down_proj(gate * self.mlp.up_proj(h))


def original_key(composed_key):
    """The original's name for a composed tensor: a linear keeps its own one module deeper."""
    return composed_key.replace(".linear.", ".")


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
