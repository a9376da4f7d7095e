import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.seen = {}

    def forward(self, s):
        size = s.size(-1)
        if size not in self.seen:
            self.seen[size] = torch.ones(size, size, dtype=torch.bool).tril()
        return s.masked_fill(~self.seen[size][-s.size(-2):], -1e4)


def get_inputs():
    return [torch.randn(2, 5, 5)]


def get_init_inputs():
    return []
