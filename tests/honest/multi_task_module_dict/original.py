import torch
import torch.nn as nn


class Model(nn.Module):
    TASKS = ("depth", "normals", "edges")

    def __init__(self):
        super().__init__()
        self.trunk = nn.Linear(9, 14)
        self.heads = nn.ModuleDict({"depth": nn.Linear(14, 1), "normals": nn.Linear(14, 3), "edges": nn.Linear(14, 2)})

    def forward(self, x):
        h = torch.nn.functional.elu(self.trunk(x))
        return {task: self.heads[task](h) for task in self.TASKS}


def get_inputs():
    return [torch.randn(4, 9)]


def get_init_inputs():
    return []
