import torch
import torch.nn as nn


class Model(nn.Module):
    """leaky relu 0p2 fp32."""

    def __init__(self) -> None:
        super().__init__()
        self.act = nn.LeakyReLU(0.2)

    def forward(self, x: torch.Tensor):
        return self.act(x)


def get_inputs() -> list[torch.Tensor]:
    return [torch.randn(2, 6, 9, 9)]


def get_init_inputs() -> list:
    return []
