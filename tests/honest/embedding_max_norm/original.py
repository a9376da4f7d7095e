import torch
import torch.nn as nn


class Model(nn.Module):
    """max_norm renormalises the looked-up rows of the table in place, in eval, too."""

    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(14, 6, max_norm=0.8)
        self.fc = nn.Linear(6, 3)

    def forward(self, ids):
        return self.fc(self.emb(ids)).relu()


def get_inputs():
    return [torch.randint(0, 14, (3, 4))]


def get_init_inputs():
    return []
