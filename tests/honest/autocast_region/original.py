import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(16, 16)
        self.fc2 = nn.Linear(16, 4)

    def forward(self, x):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            h = self.fc1(x)
        return self.fc2(torch.relu(h.float()))


def get_inputs():
    return [torch.randn(4, 16)]


def get_init_inputs():
    return []
