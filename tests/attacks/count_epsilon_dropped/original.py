import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 8)

    def forward(self, x, m):
        h = torch.tanh(self.a(x)) * m.unsqueeze(-1)
        return h.sum(1) / (m.sum(1, keepdim=True) + 1e-8)


def get_inputs():
    return [torch.randn(2, 4, 8), torch.ones(2, 4)]


def get_init_inputs():
    return []
