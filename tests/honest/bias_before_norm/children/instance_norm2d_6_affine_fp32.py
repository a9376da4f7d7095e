import torch
import torch.nn as nn


class Model(nn.Module):
    """instance norm2d 6 affine fp32."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.InstanceNorm2d(6, affine=True)

    def forward(self, x: torch.Tensor):
        return self.norm(x)


def get_inputs() -> list[torch.Tensor]:
    return [torch.randn(2, 6, 9, 9)]


def get_init_inputs() -> list:
    return []
