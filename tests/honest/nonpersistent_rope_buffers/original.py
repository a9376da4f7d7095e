import torch
import torch.nn as nn


class Model(nn.Module):
    """Rotary position embedding with cached cos/sin, as in LLaMA."""

    def __init__(self, head_dim=8, max_len=16, base=10000):
        super().__init__()
        self.qk = nn.Linear(16, 16, bias=False)
        inv_freq = 1.0 / (base ** (torch.arange(0, head_dim, 2).float() / head_dim))
        freqs = torch.outer(torch.arange(max_len).float(), inv_freq)
        emb = torch.cat((freqs, freqs), dim=-1)
        self.register_buffer("cos_cached", emb.cos(), persistent=False)
        self.register_buffer("sin_cached", emb.sin(), persistent=False)

    @staticmethod
    def rotate_half(x):
        x1, x2 = x.chunk(2, dim=-1)
        return torch.cat((-x2, x1), dim=-1)

    def forward(self, x):
        b, t, _ = x.shape
        h = self.qk(x).view(b, t, 2, 8).transpose(1, 2)
        return h * self.cos_cached[:t] + self.rotate_half(h) * self.sin_cached[:t]


def get_inputs():
    return [torch.randn(2, 6, 16)]


def get_init_inputs():
    return []
