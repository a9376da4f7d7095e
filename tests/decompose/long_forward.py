"""Many statements in one forward, with two residual sums."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv1 = nn.Conv1d(4, width, 3, padding=1)
        self.bn1 = nn.BatchNorm1d(width)
        self.conv2 = nn.Conv1d(width, width, 3, padding=1)
        self.bn2 = nn.BatchNorm1d(width)
        self.conv3 = nn.Conv1d(width, width, 1)
        self.fc1 = nn.Linear(width, width)
        self.fc2 = nn.Linear(width, 2)

    def forward(self, x):
        x = self.conv1(x)
        x = self.bn1(x)
        x = F.relu(x)
        shortcut = x
        x = self.conv2(x)
        x = self.bn2(x)
        x = F.relu(x)
        x = self.conv3(x)
        x = x + shortcut
        x = F.max_pool1d(x, 2)
        x = x.mean(dim=-1)
        y = self.fc1(x)
        y = F.hardtanh(y)
        x = x + y
        x = self.fc2(x)
        return F.log_softmax(x, dim=-1)


def get_inputs():
    return [torch.randn(2, 4, 6)]


def get_init_inputs():
    return [6]
