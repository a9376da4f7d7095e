import torch
import torch.nn as nn


class Model(nn.Module):
    """Writes this step's key into the caller's cache at `pos` and attends over the filled part."""

    def __init__(self):
        super().__init__()
        self.wq = nn.Linear(8, 8)
        self.wk = nn.Linear(8, 8)

    def forward(self, x, cache, pos: int):
        cache[:, pos] = self.wk(x)
        keys = cache[:, : pos + 1]
        score = torch.matmul(keys, self.wq(x).unsqueeze(-1)).squeeze(-1)
        weight = torch.softmax(score, dim=-1)
        return torch.matmul(weight.unsqueeze(1), keys).squeeze(1)


def get_inputs():
    return [torch.randn(3, 8), torch.randn(3, 6, 8), 4]


def get_init_inputs():
    return []
