import torch
import torch.nn as nn


class Model(nn.Module):
    """linear 8x8 fp32."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(8, 8)

    def forward(self, x: torch.Tensor):
        return self.linear(x)


def get_inputs() -> list[torch.Tensor]:
    return [torch.randn(2, 4, 8)]


def get_init_inputs() -> list:
    return []
