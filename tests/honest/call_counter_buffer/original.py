import torch
import torch.nn as nn


class Model(nn.Module):
    """Annealed gate: a buffer counts the calls."""

    def __init__(self):
        super().__init__()
        self.register_buffer("calls", torch.zeros((), dtype=torch.long))
        self.fc = nn.Linear(6, 6)

    def forward(self, x):
        self.calls += 1
        gate = 1.0 / self.calls.float()
        return gate * torch.tanh(self.fc(x)) + x


def get_inputs():
    return [torch.randn(4, 6)]


def get_init_inputs():
    return []
