import torch
import torch.nn as nn


class Model(nn.Module):
    """avg pool2d k2 fp32."""

    def __init__(self) -> None:
        super().__init__()
        self.pool = nn.AvgPool2d(2)

    def forward(self, x: torch.Tensor):
        return self.pool(x)


def get_inputs() -> list[torch.Tensor]:
    return [torch.randn(1, 4, 8, 8)]


def get_init_inputs() -> list:
    return []
