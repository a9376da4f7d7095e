import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """gelu fp32."""

    def forward(self, x: torch.Tensor):
        return F.gelu(x)


def get_inputs() -> list[torch.Tensor]:
    return [torch.randn(2, 4, 8)]


def get_init_inputs() -> list:
    return []
