import torch
import torch.nn as nn


class Model(nn.Module):
    """gru cell 6x9 fp32."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.GRUCell(6, 9)

    def forward(self, x: torch.Tensor, h: torch.Tensor):
        return self.cell(x, h)


def get_inputs() -> list[torch.Tensor]:
    return [torch.randn(3, 6), torch.zeros(3, 9)]


def get_init_inputs() -> list:
    return []
