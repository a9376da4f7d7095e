import torch
import torch.nn as nn


class Model(nn.Module):
    """Keep the k highest scoring regions, in score order; also the sorted scores of all."""

    def __init__(self, k: int):
        super().__init__()
        self.k = k
        self.score = nn.Linear(7, 1)

    def forward(self, regions):
        scores = self.score(regions).squeeze(-1)
        values, order = torch.sort(scores, dim=1, descending=True, stable=True)
        top, idx = scores.topk(self.k, dim=1)
        kept = torch.gather(regions, 1, idx.unsqueeze(-1).expand(-1, -1, regions.size(-1)))
        return kept, values, order, top


def get_inputs():
    return [torch.randn(3, 10, 7)]


def get_init_inputs():
    return [4]
