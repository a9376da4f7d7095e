import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(18, 18)
        self.second = nn.Linear(18, 18)
        self.third = nn.Linear(18, 18)

    def forward(self, x):
        x = torch.sin(self.first(x))
        x = torch.sin(self.second(x))
        return self.third(x)


def get_inputs():
    return [torch.randn(5, 18)]


def get_init_inputs():
    return []
