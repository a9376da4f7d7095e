import torch
import torch.nn as nn


class Model(nn.Module):
    """layer norm 16 fp16."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(16, dtype=torch.float16)

    def forward(self, x: torch.Tensor):
        return self.norm(x)


def get_inputs() -> list[torch.Tensor]:
    return [torch.randn(3, 4, 16).half()]


def get_init_inputs() -> list:
    return []
