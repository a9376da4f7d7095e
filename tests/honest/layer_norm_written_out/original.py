import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self, dim=32):
        super().__init__()
        self.ln = nn.LayerNorm(dim, eps=1e-5)
        self.fc = nn.Linear(dim, dim)

    def forward(self, x):
        return F.relu(self.fc(self.ln(x)))


def get_inputs():
    return [torch.randn(4, 6, 32)]


def get_init_inputs():
    return []
