import torch
import torch.nn as nn


class Model(nn.Module):
    """conv transpose2d 6x4 2x2 s2 fp32."""

    def __init__(self) -> None:
        super().__init__()
        self.up = nn.ConvTranspose2d(6, 4, 2, stride=2)

    def forward(self, x: torch.Tensor):
        return self.up(x)


def get_inputs() -> list[torch.Tensor]:
    return [torch.randn(1, 6, 4, 4)]


def get_init_inputs() -> list:
    return []
