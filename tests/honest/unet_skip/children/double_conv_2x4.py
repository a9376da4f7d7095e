import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """double conv 2x4."""

    def __init__(self) -> None:
        super().__init__()
        self.c1, self.b1 = nn.Conv2d(2, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4)
        self.c2, self.b2 = nn.Conv2d(4, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4)

    def forward(self, x: torch.Tensor):
        x = F.relu(self.b1(self.c1(x)))
        return F.relu(self.b2(self.c2(x)))


def get_inputs() -> list[torch.Tensor]:
    return [torch.randn(1, 2, 8, 8)]


def get_init_inputs() -> list:
    return []
