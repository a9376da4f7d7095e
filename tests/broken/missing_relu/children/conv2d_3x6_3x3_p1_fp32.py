import torch
import torch.nn as nn


class Model(nn.Module):
    """conv2d 3x6 3x3 p1 fp32."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 3, padding=1)

    def forward(self, x: torch.Tensor):
        return self.conv(x)


def get_inputs() -> list[torch.Tensor]:
    return [torch.randn(2, 3, 8, 8)]


def get_init_inputs() -> list:
    return []
