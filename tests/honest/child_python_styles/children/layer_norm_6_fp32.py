import torch
import torch.nn as nn


class Model(nn.Module):
    """layer norm 6 fp32."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(6)

    def forward(self, x: torch.Tensor):
        return self.norm(x)


def get_inputs() -> list[torch.Tensor]:
    return [torch.randn(2, 5, 6)]


def get_init_inputs() -> list:
    return []
