import torch
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.ln = nn.LayerNorm(dim)
        self.fc = nn.Linear(dim, 4 * dim)
        self.proj = nn.Linear(4 * dim, dim)

    def forward(self, x):
        return x + self.proj(F.gelu(self.fc(self.ln(x)), approximate="tanh"))


class Model(nn.Module):
    def __init__(self, n_layer=4, dim=12):
        super().__init__()
        self.h = nn.ModuleList([Block(dim) for _ in range(n_layer)])
        self.ln_f = nn.LayerNorm(dim)

    def forward(self, x):
        for block in self.h:
            x = block(x)
        return self.ln_f(x)


def get_inputs():
    return [torch.randn(2, 5, 12)]


def get_init_inputs():
    return []
