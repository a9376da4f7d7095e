import torch
import torch.nn as nn


class Model(nn.Module):
    """Log-mel like front end: the input is positive."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(12, 5)

    def forward(self, power):
        return self.fc(torch.log(power))


def get_inputs():
    return [torch.rand(3, 12) + 0.1]


def get_init_inputs():
    return []
