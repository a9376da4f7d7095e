import torch
import torch.nn as nn


class Model(nn.Module):
    """sigmoid fp16."""

    def forward(self, g: torch.Tensor):
        return torch.sigmoid(g)


def get_inputs() -> list[torch.Tensor]:
    return [torch.randn(3, 4, 16).half()]


def get_init_inputs() -> list:
    return []
