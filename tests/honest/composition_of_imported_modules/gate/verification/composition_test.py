"""The gate from its kernels, imported as modules."""

import sys
from pathlib import Path

import torch
import torch.nn as nn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "level_0_kernel"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "level_1_fusion"))

import gate as original
import linear_6x6_fp32
import sigmoid_fp32

GATE = [linear_6x6_fp32, sigmoid_fp32]


def instance(module):
    return module.Model(*module.get_init_inputs())


class ComposedModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.value = instance(linear_6x6_fp32)
        self.gate = nn.Sequential(*[m.Model(*m.get_init_inputs()) for m in GATE])

    def forward(self, x):
        return x + self.value(x) * self.gate(x)


@torch.no_grad()
def main():
    model = original.Model(*original.get_init_inputs()).eval()
    composed = ComposedModel().eval()
    for mine, theirs in zip(composed.parameters(), model.parameters()):
        mine.copy_(theirs)
    inputs = original.get_inputs()
    passed = torch.allclose(composed(*inputs), model(*inputs), rtol=1e-4, atol=1e-5)
    print("PASS" if passed else "FAIL")
    return passed


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
