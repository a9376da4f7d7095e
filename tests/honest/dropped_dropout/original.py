import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(20, 40)
        self.drop = nn.Dropout(0.1)
        self.fc2 = nn.Linear(40, 20)

    def forward(self, x):
        h = self.drop(F.relu(self.fc1(x)))
        h = F.dropout(self.fc2(h), p=0.3, training=self.training)
        return x + h


def get_inputs():
    return [torch.randn(4, 20)]


def get_init_inputs():
    return []
