import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.score = nn.Linear(6, 5)

    def forward(self, x, mask):
        s = self.score(x)
        s = torch.where(mask, s, torch.finfo(s.dtype).min)
        return torch.softmax(s, dim=-1)


def get_inputs():
    mask = torch.rand(4, 5) > 0.4
    mask[:, 0] = True
    return [torch.randn(4, 6), mask]


def get_init_inputs():
    return []
