import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 8)

    def forward(self, x, k):
        return torch.tanh(self.a(x)) + (k // 7).float().unsqueeze(-1)


def get_inputs():
    return [torch.randn(4, 8), torch.randint(0, 40, (4,))]


def get_init_inputs():
    return []
