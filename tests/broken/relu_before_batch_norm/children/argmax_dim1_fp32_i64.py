import torch
import torch.nn as nn


class Model(nn.Module):
    """argmax dim1 fp32 i64."""

    def forward(self, x: torch.Tensor):
        return x.argmax(dim=1)


def get_inputs() -> list[torch.Tensor]:
    return [torch.randn(2, 5)]


def get_init_inputs() -> list:
    return []
