# refactored
# children: linear relu
import importlib
import importlib.util
import sys
from pathlib import Path
import torch
import torch.nn as nn

CHILDREN = Path(__file__).resolve().parents[0] / "children"
sys.path.insert(0, str(CHILDREN))

K = {p.stem: importlib.import_module(p.stem) for p in sorted(CHILDREN.glob("*.py"))}
_spec = importlib.util.spec_from_file_location("relu", CHILDREN / "relu.py")
_relu = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_relu)


def make(name):
    return K[name].Model(*K[name].get_init_inputs())


class RefactoredModel(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.proj = make("linear")
        self.second = K["linear"].Model(dim)
        self.relu = _relu.Model()

    def forward(self, x):
        return self.relu(self.second(self.proj(x)))
