import torch
import torch.nn as nn


class Model(nn.Module):
    """1-d Fourier neural operator layer."""

    def __init__(self, channels, modes):
        super().__init__()
        self.modes = modes
        self.weight = nn.Parameter(torch.randn(channels, channels, modes, dtype=torch.cfloat) / channels)
        self.pointwise = nn.Conv1d(channels, channels, 1)

    def forward(self, x):
        n = x.size(-1)
        spectrum = torch.fft.rfft(x)
        low = torch.einsum("bix,iox->box", spectrum[:, :, :self.modes], self.weight)
        out = torch.zeros(x.size(0), low.size(1), n // 2 + 1, dtype=torch.cfloat)
        out[:, :, :self.modes] = low
        return torch.fft.irfft(out, n=n) + self.pointwise(x), low


def get_inputs():
    return [torch.randn(2, 4, 16)]


def get_init_inputs():
    return [4, 5]
