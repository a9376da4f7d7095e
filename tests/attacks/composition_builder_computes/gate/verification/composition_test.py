"""The gate from its kernels, which helpers find by names that they put together."""

import importlib.util
import sys
from pathlib import Path

import torch
import torch.nn as nn

ROOT = Path(__file__).resolve().parent.parent
_MODULES = {}


def load(relative):
    """A module of the decomposition; each file is read once."""
    if relative not in _MODULES:
        spec = importlib.util.spec_from_file_location(Path(relative).stem, ROOT / relative)
        _MODULES[relative] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(_MODULES[relative])
    return _MODULES[relative]


def kernel(name, *args):
    module = load(f"level_0_kernel/{name}_fp32.py")
    return module.Model(*(args or module.get_init_inputs()))


def linear(inputs, outputs, bias=True):
    suffix = "" if bias else "_nobias"
    module = kernel(f"linear_{inputs}x{outputs}{suffix}")
    module.forward = lambda x: torch.nn.functional.linear(x, module.linear.weight, module.linear.bias)
    return module


class Gated(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.value, self.gate = linear(width, width), linear(width, width)
        self.sigmoid = kernel("sigmoid")

    def forward(self, x):
        return self.value(x) * self.sigmoid(self.gate(x))


class ComposedModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.gated = Gated(6)

    def forward(self, x):
        return x + self.gated(x)


# Modules of the original, and where each one's weight and bias go.
WEIGHT_MAP = {"value": "gated.value.linear", "gate": "gated.gate.linear"}


@torch.no_grad()
def main():
    original = load("level_1_fusion/gate.py")
    model = original.Model(*original.get_init_inputs()).eval()
    composed = ComposedModel().eval()
    state = model.state_dict()
    for source, target in WEIGHT_MAP.items():
        for name in ("weight", "bias"):
            composed.state_dict()[f"{target}.{name}"].copy_(state[f"{source}.{name}"])
    inputs = original.get_inputs()
    passed = torch.allclose(composed(*inputs), model(*inputs), rtol=1e-4, atol=1e-5)
    print("PASS" if passed else "FAIL")
    return passed


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
