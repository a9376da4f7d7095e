import torch
import torch.nn as nn


class Model(nn.Module):
    """linear 9x2 fp32."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(9, 2)

    def forward(self, x: torch.Tensor):
        return self.linear(x)


def get_inputs() -> list[torch.Tensor]:
    return [torch.randn(3, 9)]


def get_init_inputs() -> list:
    return []
