"""Swin-style window mixing, refactored. Helper functions below move data only (view / permute / roll)."""
import torch
import torch.nn as nn

from children.layer_norm_6_fp32 import Model as Norm
from children.linear_4x4_fp32 import Model as Mix

WINDOW = 2
SHIFT = WINDOW // 2


def window_partition(x, ws):
    """[B, H, W, C] -> [B * windows, ws * ws, C]"""
    B, H, W, C = x.shape
    x = x.view(B, H // ws, ws, W // ws, ws, C)
    return x.permute(0, 1, 3, 2, 4, 5).contiguous().view(-1, ws * ws, C)


def window_reverse(windows, ws, H, W):
    """[B * windows, ws * ws, C] -> [B, H, W, C]"""
    B = windows.shape[0] // (H // ws * W // ws)
    x = windows.view(B, H // ws, W // ws, ws, ws, -1)
    return x.permute(0, 1, 3, 2, 4, 5).contiguous().view(B, H, W, -1)


def shifted(x, amount):
    return torch.roll(x, shifts=(amount, amount), dims=(1, 2))


class RefactoredModel(nn.Module):
    def __init__(self, ws=WINDOW, shift=SHIFT):
        super().__init__()
        self.ws = ws
        self.shift = shift
        self.norm = Norm()
        self.mix = Mix()

    def forward(self, x):
        B, H, W, C = x.shape
        windows = window_partition(shifted(self.norm(x), -self.shift), self.ws)
        windows = self.mix(windows.transpose(1, 2)).transpose(1, 2).contiguous()
        mixed = shifted(window_reverse(windows, self.ws, H, W), self.shift)
        return x + mixed
