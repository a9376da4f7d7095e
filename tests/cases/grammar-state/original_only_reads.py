import torch.nn as nn


class Model(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.linear = nn.Linear(dim, dim)
        self.calls = 2

    def forward(self, x):
        return self.linear(x) * self.calls
