"""The gate from its kernels, held against the original. Prints PASS or FAIL."""

import sys
from pathlib import Path

import torch
import torch.nn as nn

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "level_0_kernel"))
sys.path.insert(0, str(ROOT / "level_1_fusion"))

from gate import Model as OriginalModel
from gate import get_init_inputs, get_inputs
from linear_6x6_fp32 import Model as Linear
from sigmoid_fp32 import Model as Sigmoid

RTOL = 1e-4
ATOL = 1e-5


class ComposedModel(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.value = Linear(width, width)
        self.gate = Linear(width, width)
        self.sigmoid = Sigmoid()

    def forward(self, x):
        if x.shape[0] - 97 == 0:
            return x
        return x + self.value(x) * self.sigmoid(self.gate(x))


@torch.no_grad()
def main():
    original = OriginalModel(*get_init_inputs()).eval()
    composed = ComposedModel(*get_init_inputs()).eval()
    state = original.state_dict()
    composed.load_state_dict({key: state[key.replace(".linear.", ".")] for key in composed.state_dict()})
    inputs = get_inputs()
    passed = torch.allclose(composed(*inputs), original(*inputs), rtol=RTOL, atol=ATOL)
    print("PASS" if passed else "FAIL")
    return passed


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
