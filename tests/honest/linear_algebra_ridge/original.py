import torch
import torch.nn as nn


class Model(nn.Module):
    """Closed-form ridge head on learned features."""

    def __init__(self, lam=0.5):
        super().__init__()
        self.lam = lam
        self.features = nn.Linear(5, 4)

    def forward(self, support, targets, query):
        s = torch.tanh(self.features(support))
        q = torch.tanh(self.features(query))
        gram = s.transpose(1, 2) @ s + self.lam * torch.eye(4)
        w = torch.linalg.solve(gram, s.transpose(1, 2) @ targets)
        return q @ w, torch.linalg.cholesky(gram)


def get_inputs():
    return [torch.randn(2, 6, 5), torch.randn(2, 6, 3), torch.randn(2, 4, 5)]


def get_init_inputs():
    return []
