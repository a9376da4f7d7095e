"""A while loop, an early return, a break; how often is a matter of shapes."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.down = nn.Conv1d(width, width, 3, stride=2, padding=1)
        self.head = nn.Linear(width, 2)

    def pool(self, x):
        if x.shape[-1] == 1:
            return x.squeeze(-1)
        return x.mean(dim=-1)

    def forward(self, x):
        while x.shape[-1] > 2:
            x = F.relu(self.down(x))
        for turn in range(5):
            if turn == 2:
                break
            x = torch.sigmoid(x)
        return self.head(self.pool(x))


def get_inputs():
    return [torch.randn(2, 6, 8)]


def get_init_inputs():
    return [6]
