import torch
import torch.nn as nn


def window_partition(x, ws):
    B, H, W, C = x.shape
    x = x.view(B, H // ws, ws, W // ws, ws, C)
    return x.permute(0, 1, 3, 2, 4, 5).contiguous().view(-1, ws * ws, C)


def window_reverse(windows, ws, H, W):
    B = windows.shape[0] // (H // ws * W // ws)
    x = windows.view(B, H // ws, W // ws, ws, ws, -1)
    return x.permute(0, 1, 3, 2, 4, 5).contiguous().view(B, H, W, -1)


class Model(nn.Module):
    """Shifted windows around a per-window mixer."""

    def __init__(self, ws=2, shift=1):
        super().__init__()
        self.ws, self.shift = ws, shift
        self.mix = nn.Linear(ws * ws, ws * ws)
        self.norm = nn.LayerNorm(6)

    def forward(self, x):
        B, H, W, C = x.shape
        shortcut = x
        x = torch.roll(self.norm(x), shifts=(-self.shift, -self.shift), dims=(1, 2))
        w = window_partition(x, self.ws)
        w = self.mix(w.transpose(1, 2)).transpose(1, 2).contiguous()
        x = window_reverse(w, self.ws, H, W)
        x = torch.roll(x, shifts=(self.shift, self.shift), dims=(1, 2))
        return shortcut + x


def get_inputs():
    return [torch.randn(2, 4, 4, 6)]


def get_init_inputs():
    return []
