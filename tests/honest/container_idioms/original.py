import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Linear(6, 6)
        self.mid = nn.ModuleList([nn.Linear(6, 6) for _ in range(4)])
        self.heads = nn.ModuleDict()
        for name in ("x", "y"):
            self.heads[name] = nn.Linear(6, 2)

    def forward(self, x):
        x = torch.sin(self.stem(x))
        x = torch.sin(self.mid[0](x))
        for m in self.mid[1:-1]:
            x = x + torch.sin(m(x))
        x = torch.sin(self.mid[-1](x))
        return {k: h(x) for k, h in self.heads.items()}


def get_inputs():
    return [torch.randn(3, 6)]


def get_init_inputs():
    return []
