"""A branch whose result is not used."""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(6, 8)
        self.fc2 = nn.Linear(8, 4)

    def forward(self, x):
        scores = torch.softmax(self.fc1(x), dim=-1)
        assert scores.shape[0] == x.shape[0]
        return self.fc2(torch.ones(5, 8))


def get_inputs():
    return [torch.randn(5, 6)]


def get_init_inputs():
    return []
