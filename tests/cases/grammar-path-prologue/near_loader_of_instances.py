# refactored
# children: linear relu
import importlib.util
from pathlib import Path
import torch
import torch.nn as nn

ROOT = Path(__file__).parent


def load(rel):
    path = ROOT / rel
    spec = importlib.util.spec_from_file_location("m_" + path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def child(name):
    """An instance with its own values."""
    module = load(f"children/{name}.py")
    return module.Model(*module.get_init_inputs())


class RefactoredModel(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.proj = child("linear")
        self.projections = nn.ModuleList([load("children/linear.py").Model(dim) for _ in range(2)])
        self.relu = child("relu")

    def forward(self, x):
        for projection in self.projections:
            x = projection(x)
        return self.relu(self.proj(x))
