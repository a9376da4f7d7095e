import torch
import torch.nn as nn
from torch.nn.utils import parametrizations


class Model(nn.Module):
    """wav2vec 2.0's positional convolution."""

    def __init__(self):
        super().__init__()
        self.conv = parametrizations.weight_norm(nn.Conv1d(8, 8, 4, padding=2, groups=2), name="weight", dim=2)
        self.norm = nn.LayerNorm(8)

    def forward(self, x):
        y = self.conv(x.transpose(1, 2))[:, :, :-1]
        y = nn.functional.gelu(y).transpose(1, 2)
        return self.norm(x + y)


def get_inputs():
    return [torch.randn(2, 6, 8)]


def get_init_inputs():
    return []
