import torch
import torch.nn as nn


class Rotary(nn.Module):
    def __init__(self, dim, base=10000.0):
        super().__init__()
        self.register_buffer("inv_freq", 1.0 / (base ** (torch.arange(0, dim, 2).float() / dim)))
        self.seq_len_cached = None
        self.cos_cached = None
        self.sin_cached = None

    def forward(self, x):
        seq_len = x.shape[1]
        if seq_len != self.seq_len_cached:
            self.seq_len_cached = seq_len
            t = torch.arange(seq_len).type_as(self.inv_freq)
            freqs = torch.outer(t, self.inv_freq)
            self.cos_cached = freqs.cos()[None, :, None, :]
            self.sin_cached = freqs.sin()[None, :, None, :]
        return self.cos_cached, self.sin_cached


def apply_rotary(x, cos, sin):
    d = x.shape[-1] // 2
    x1, x2 = x[..., :d], x[..., d:]
    return torch.cat([x1 * cos + x2 * sin, x2 * cos - x1 * sin], -1)


class Model(nn.Module):
    """modded-nanoGPT's rotary: tables are built at the first call."""

    def __init__(self):
        super().__init__()
        self.rotary = Rotary(6)
        self.c_q = nn.Linear(12, 12, bias=False)

    def forward(self, x):
        q = self.c_q(x).view(x.size(0), x.size(1), 2, 6)
        cos, sin = self.rotary(q)
        return apply_rotary(q, cos, sin)


def get_inputs():
    return [torch.randn(2, 5, 12)]


def get_init_inputs():
    return []
