import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """relu fp32."""

    def forward(self, x: torch.Tensor):
        return F.relu(x)


def get_inputs() -> list[torch.Tensor]:
    return [torch.randn(2, 6, 8, 8)]


def get_init_inputs() -> list:
    return []
