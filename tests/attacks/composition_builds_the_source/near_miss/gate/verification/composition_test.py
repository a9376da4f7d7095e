"""The gate from its kernels, held against the original. Prints PASS or FAIL."""

import importlib.util
import sys
from pathlib import Path

import torch
import torch.nn as nn

ROOT = Path(__file__).resolve().parent.parent


def load(rel):
    path = ROOT / rel
    spec = importlib.util.spec_from_file_location("m_" + path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def kernel(name):
    module = load(f"level_0_kernel/{name}.py")
    return module.Model(*module.get_init_inputs())


class ComposedModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.value = kernel("linear_6x6_fp32")
        self.gate = kernel("linear_6x6_fp32")
        self.sigmoid = load("level_0_kernel/sigmoid_fp32.py").Model()

    def forward(self, x):
        return x + self.value(x) * self.sigmoid(self.gate(x))


@torch.no_grad()
def main():
    source = load("level_1_fusion/gate.py")
    original = source.Model(*source.get_init_inputs()).eval()
    composed = ComposedModel().eval()
    state = original.state_dict()
    composed.load_state_dict({key: state[key.replace(".linear.", ".")] for key in composed.state_dict()})
    inputs = source.get_inputs()
    passed = torch.allclose(composed(*inputs), original(*inputs), rtol=1e-4, atol=1e-5)
    print("PASS" if passed else "FAIL")
    return passed


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
