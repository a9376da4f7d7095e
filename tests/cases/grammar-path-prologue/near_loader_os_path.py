# refactored
# children: linear relu
import os
import torch
import torch.nn as nn

HERE = os.path.dirname(os.path.abspath(__file__))


def load(rel, attribute="Model"):
    import importlib.util

    path = os.path.join(HERE, rel)
    name = "m_" + os.path.basename(rel)[:-3].replace("-", "_")
    spec = importlib.util.spec_from_file_location(name, path)
    mod = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(mod)
    return getattr(mod, attribute)


Linear = load("children/linear.py")
Relu = load("children/{}.py".format("relu"))


class RefactoredModel(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.proj = Linear(dim)
        self.relu = Relu()

    def forward(self, x):
        return self.relu(self.proj(x))
