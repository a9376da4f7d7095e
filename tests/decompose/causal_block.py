"""A causal mask in a buffer, a lambda that is called like a method, an activation of the author's."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class TanhGELU(nn.Module):
    def forward(self, x):
        return 0.5 * x * (1.0 + torch.tanh(math.sqrt(2.0 / math.pi) * (x + 0.044715 * torch.pow(x, 3.0))))


class CausalAttention(nn.Module):
    def __init__(self, width, heads, longest):
        super().__init__()
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.register_buffer("mask", torch.tril(torch.ones(longest, longest)).view(1, 1, longest, longest))
        self.heads = heads

    def split(self, x):
        batch, length, width = x.shape
        return x.view(batch, length, self.heads, width // self.heads).transpose(1, 2)

    def forward(self, x):
        batch, length, width = x.size()
        q, k, v = (self.split(part) for part in self.qkv(x).split(width, dim=2))
        att = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1)))
        att = att.masked_fill(self.mask[:, :, :length, :length] == 0, float("-inf"))
        att = F.softmax(att, dim=-1)
        y = att @ v
        return self.out(y.transpose(1, 2).contiguous().view(batch, length, width))


class Model(nn.Module):
    def __init__(self, width, heads, longest):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = CausalAttention(width, heads, longest)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = nn.ModuleDict(dict(widen=nn.Linear(width, 2 * width), act=TanhGELU(), narrow=nn.Linear(2 * width, width)))
        m = self.mlp
        self.feed = lambda x: m.narrow(m.act(m.widen(x)))

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.feed(self.norm2(x))


def get_inputs():
    return [torch.randn(2, 6, 8)]


def get_init_inputs():
    return [8, 2, 10]
