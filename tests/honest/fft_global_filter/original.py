import torch
import torch.nn as nn


class Model(nn.Module):
    """GFNet global filter: the weight is stored as real pairs."""

    def __init__(self, dim, h, w):
        super().__init__()
        self.complex_weight = nn.Parameter(torch.randn(h, w // 2 + 1, dim, 2) * 0.02)
        self.norm = nn.LayerNorm(dim)

    def forward(self, x):
        B, H, W, C = x.shape
        y = torch.fft.rfft2(self.norm(x), dim=(1, 2), norm="ortho")
        y = y * torch.view_as_complex(self.complex_weight)
        y = torch.fft.irfft2(y, s=(H, W), dim=(1, 2), norm="ortho")
        return x + y


def get_inputs():
    return [torch.randn(2, 6, 6, 4)]


def get_init_inputs():
    return [4, 6, 6]
