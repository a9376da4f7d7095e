import torch
import torch.nn as nn


class Model(nn.Module):
    """batch norm2d 6 fp32."""

    def __init__(self) -> None:
        super().__init__()
        self.bn = nn.BatchNorm2d(6)

    def forward(self, x: torch.Tensor):
        return self.bn(x)


def get_inputs() -> list[torch.Tensor]:
    return [torch.randn(2, 6, 8, 8)]


def get_init_inputs() -> list:
    return []
