"""A linear layer on causally weighted rows."""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 4)
        self.register_buffer("decay", torch.tril(torch.ones(5, 5)))

    def forward(self, x):
        return self.fc(torch.matmul(self.decay, x))


def get_inputs():
    return [torch.randn(5, 6)]


def get_init_inputs():
    return []
