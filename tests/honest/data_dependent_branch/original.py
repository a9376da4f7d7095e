import torch
import torch.nn as nn


class Model(nn.Module):
    """Cheap path when the gate is negative, expensive one when it is positive."""

    def __init__(self):
        super().__init__()
        self.gate = nn.Linear(12, 1)
        self.cheap = nn.Linear(12, 12)
        self.rich = nn.Sequential(nn.Linear(12, 24), nn.ReLU(), nn.Linear(24, 12))

    def forward(self, x):
        outputs = []
        for row in x.unbind(0):
            if self.gate(row) > 0:
                outputs.append(self.rich(row))
            else:
                outputs.append(self.cheap(row))
        return torch.stack(outputs)


def get_inputs():
    return [torch.randn(8, 12)]


def get_init_inputs():
    return []
