import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """avg pool2d k4 fp32."""

    def forward(self, x: torch.Tensor):
        return F.avg_pool2d(x, 4)


def get_inputs() -> list[torch.Tensor]:
    return [torch.randn(2, 6, 8, 8)]


def get_init_inputs() -> list:
    return []
