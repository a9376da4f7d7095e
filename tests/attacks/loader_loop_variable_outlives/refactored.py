import importlib.util
import os

import math as module

import torch
import torch.nn as nn

HERE = os.path.dirname(os.path.abspath(__file__))


def load(*parts):
    path = os.path.join(HERE, "children", *parts)
    name = os.path.splitext(parts[-1])[0].replace("-", "_")
    spec = importlib.util.spec_from_file_location("part_" + name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


LAYERS = [load("linear_6x8_fp32.py"), load("gelu_fp32.py"), load("linear_8x4_fp32.py")]


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList()
        for module in LAYERS:
            self.layers.append(module.Model(*module.get_init_inputs()))
        self.scale = module.sqrt(4.0)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x * (self.scale - 1.0)
