"""The whole model from L0 kernels only, against the model itself; it becomes verification/composition_test.py. Prints PASS or FAIL."""

import sys
from pathlib import Path

import torch
import torch.nn as nn

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "level_0_kernel"))
sys.path.insert(0, str(ROOT / "level_3_model"))

from linear_16x16_fp32 import Model as Linear
from two_linears import Model as OriginalModel
from two_linears import get_init_inputs, get_inputs

RTOL = 1e-4
ATOL = 1e-5
TRIALS = 3


class ComposedModel(nn.Module):
    """Kernels and plumbing, nothing else. Nested parts of the original become nn.ModuleDict of kernels, so that names stay alike."""

    def __init__(self, width):
        super().__init__()
        self.first = Linear(width, width)
        self.second = Linear(width, width)

    def forward(self, x):
        return x + self.second(self.first(x))


def original_key(composed_key):
    """The original's name of a tensor of the composed model."""
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
        passed = passed and same and torch.allclose(actual, expected, rtol=RTOL, atol=ATOL)
        print(f"trial {trial}: max difference {(actual - expected).abs().max().item():.2e}")
    print("PASS" if passed else f"FAIL: beyond rtol {RTOL}, atol {ATOL}")
    return passed


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
