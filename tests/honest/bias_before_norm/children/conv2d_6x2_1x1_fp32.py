import torch
import torch.nn as nn


class Model(nn.Module):
    """conv2d 6x2 1x1 fp32."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(6, 2, 1)

    def forward(self, x: torch.Tensor):
        return self.conv(x)


def get_inputs() -> list[torch.Tensor]:
    return [torch.randn(2, 6, 9, 9)]


def get_init_inputs() -> list:
    return []
