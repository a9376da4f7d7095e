import torch
import torch.nn as nn


class Model(nn.Module):
    """linear 24x5 fp32."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(24, 5)

    def forward(self, x: torch.Tensor):
        return self.linear(x)


def get_inputs() -> list[torch.Tensor]:
    return [torch.randn(2, 24)]


def get_init_inputs() -> list:
    return []
