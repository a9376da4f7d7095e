"""A linear layer with a scale given by keyword."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 4)

    def forward(self, x, scale=1.0):
        return F.gelu(self.fc(x)) * scale


def get_inputs():
    return [torch.randn(5, 6)]


def get_input_kwargs():
    return {"scale": 2.0}


def get_init_inputs():
    return []
