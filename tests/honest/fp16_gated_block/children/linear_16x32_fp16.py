import torch
import torch.nn as nn


class Model(nn.Module):
    """linear 16x32 fp16."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(16, 32).half()

    def forward(self, x: torch.Tensor):
        return self.linear(x)


def get_inputs() -> list[torch.Tensor]:
    return [torch.randn(3, 4, 16, dtype=torch.float16)]


def get_init_inputs() -> list:
    return []
