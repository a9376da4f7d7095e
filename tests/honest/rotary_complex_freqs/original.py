import torch
import torch.nn as nn


class Model(nn.Module):
    """Meta's LLaMA: rotary embedding by complex multiplication; freqs_cis is a plain complex attribute."""

    def __init__(self, dim=12, heads=2):
        super().__init__()
        self.heads = heads
        self.wq = nn.Linear(dim, dim, bias=False)
        self.wk = nn.Linear(dim, dim, bias=False)
        hd = dim // heads
        freqs = 1.0 / (10000.0 ** (torch.arange(0, hd, 2)[: hd // 2].float() / hd))
        angles = torch.outer(torch.arange(8).float(), freqs)
        self.freqs_cis = torch.polar(torch.ones_like(angles), angles)

    def rotate(self, x, freqs):
        xc = torch.view_as_complex(x.float().reshape(*x.shape[:-1], -1, 2))
        return torch.view_as_real(xc * freqs[None, :, None]).flatten(3).type_as(x)

    def forward(self, x, start_pos: int):
        b, t, _ = x.shape
        freqs = self.freqs_cis[start_pos : start_pos + t]
        q = self.wq(x).view(b, t, self.heads, -1)
        k = self.wk(x).view(b, t, self.heads, -1)
        return self.rotate(q, freqs), self.rotate(k, freqs)


def get_inputs():
    return [torch.randn(2, 5, 12), 2]


def get_init_inputs():
    return []
