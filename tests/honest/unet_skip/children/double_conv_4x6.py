import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """double conv 4x6."""

    def __init__(self) -> None:
        super().__init__()
        self.c1, self.b1 = nn.Conv2d(4, 6, 3, padding=1, bias=False), nn.BatchNorm2d(6)
        self.c2, self.b2 = nn.Conv2d(6, 6, 3, padding=1, bias=False), nn.BatchNorm2d(6)

    def forward(self, x: torch.Tensor):
        x = F.relu(self.b1(self.c1(x)))
        return F.relu(self.b2(self.c2(x)))


def get_inputs() -> list[torch.Tensor]:
    return [torch.randn(1, 4, 4, 4)]


def get_init_inputs() -> list:
    return []
