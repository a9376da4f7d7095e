import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """Normalises with the batch's own statistics even in eval."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(7, 5, bias=False)

    def forward(self, x):
        y = F.batch_norm(self.fc(x), None, None, training=True, eps=1e-3)
        return y, y.std(dim=0), y.var(dim=0, unbiased=False)


def get_inputs():
    return [torch.randn(9, 7)]


def get_init_inputs():
    return []
