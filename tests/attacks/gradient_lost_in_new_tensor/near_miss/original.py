import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, x):
        y = self.fc(x)
        return y + (torch.round(y) - y).detach()

def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
