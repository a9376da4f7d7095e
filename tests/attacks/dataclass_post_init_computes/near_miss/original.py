"""Two linear layers, both results named."""
from dataclasses import dataclass
import torch
import torch.nn as nn
import torch.nn.functional as F


@dataclass
class Out:
    logits: torch.Tensor
    hidden: torch.Tensor


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(6, 8)
        self.fc2 = nn.Linear(8, 4)

    def forward(self, x):
        hidden = F.gelu(self.fc1(x))
        return Out(logits=self.fc2(hidden), hidden=hidden)


def get_inputs():
    return [torch.randn(5, 6)]


def get_init_inputs():
    return []
