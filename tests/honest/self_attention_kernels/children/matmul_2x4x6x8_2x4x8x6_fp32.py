import torch
import torch.nn as nn


class Model(nn.Module):
    """matmul 2x4x6x8 2x4x8x6 fp32."""

    def forward(self, a: torch.Tensor, b: torch.Tensor):
        return torch.matmul(a, b)


def get_inputs() -> list[torch.Tensor]:
    return [torch.randn(2, 4, 6, 8), torch.randn(2, 4, 8, 6)]


def get_init_inputs() -> list:
    return []
