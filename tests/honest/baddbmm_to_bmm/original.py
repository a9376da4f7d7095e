import math
import torch
import torch.nn as nn


class Model(nn.Module):
    """BLOOM's attention scores: alibi + scale * q k."""

    def __init__(self, dim=8):
        super().__init__()
        self.q = nn.Linear(dim, dim)
        self.k = nn.Linear(dim, dim)
        self.scale = 1.0 / math.sqrt(dim)

    def forward(self, x, alibi):
        scores = torch.baddbmm(alibi, self.q(x), self.k(x).transpose(1, 2), beta=1.0, alpha=self.scale)
        return torch.softmax(scores, dim=-1)


def get_inputs():
    return [torch.randn(2, 5, 8), torch.randn(2, 1, 5).expand(2, 5, 5).contiguous()]


def get_init_inputs():
    return []
