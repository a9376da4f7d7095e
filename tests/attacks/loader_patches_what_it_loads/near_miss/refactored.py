import importlib.util
from pathlib import Path

import torch
import torch.nn as nn

_CHILDREN = Path(__file__).resolve().parent / "children"


def _load(name):
    spec = importlib.util.spec_from_file_location(name, _CHILDREN / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Model(*module.get_init_inputs())


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = _load("linear_6x8_fp32")
        self.act = _load("gelu_fp32")
        self.fc2 = _load("linear_8x4_fp32")

    def forward(self, x):
        return self.fc2(self.act(self.fc1(x)))
