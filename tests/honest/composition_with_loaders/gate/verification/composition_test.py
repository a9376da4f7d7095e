"""The gate from its kernels, held against the original. Prints PASS or FAIL."""

import importlib.util
import sys
from pathlib import Path

import torch
import torch.nn as nn

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "level_0_kernel"))
sys.path.insert(0, str(ROOT / "level_1_fusion"))

KERNELS = ROOT / "level_0_kernel"


def load_module(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def load_kernel(name):
    return load_module(name, KERNELS / f"{name}.py").Model


original = load_module("gate", ROOT / "level_1_fusion" / "gate.py")
linear = load_module("linear_6x6_fp32", KERNELS / "linear_6x6_fp32.py")
Sigmoid = load_kernel("sigmoid_fp32")

RTOL = 1e-4
ATOL = 1e-5


class ComposedModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.value = linear.Model(*linear.get_init_inputs())
        self.gate = linear.Model(*linear.get_init_inputs())
        self.sigmoid = Sigmoid()

    def forward(self, x):
        return x + self.value(x) * self.sigmoid(self.gate(x))


@torch.no_grad()
def main():
    model = original.Model(*original.get_init_inputs()).eval()
    composed = ComposedModel().eval()
    state = model.state_dict()
    composed.load_state_dict({key: state[key.replace(".linear.", ".")] for key in composed.state_dict()})
    inputs = original.get_inputs()
    passed = torch.allclose(composed(*inputs), model(*inputs), rtol=RTOL, atol=ATOL)
    print("PASS" if passed else "FAIL")
    return passed


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
