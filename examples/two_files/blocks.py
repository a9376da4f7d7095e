"""The blocks of net.py."""

from dataclasses import dataclass

import torch
from torch import nn


@dataclass
class EncoderConfig:
    channels: int = 16
    heads: int = 4
    layers: int = 2
    norm_eps: float = 1e-5
    gated: bool = True


class Attention(nn.Module):
    def __init__(self, config: EncoderConfig):
        super().__init__()
        self.heads = config.heads
        self.qkv = nn.Linear(config.channels, 3 * config.channels)
        self.out = nn.Linear(config.channels, config.channels)

    def forward(self, x, mask=None):
        batch, length, channels = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, self.heads, channels // self.heads).permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(-2, -1) * (channels // self.heads) ** -0.5
        if mask is not None:
            scores = scores.masked_fill(mask[:, None, None, :] == 0, float("-inf"))
        # Rows of probabilities, one per query.
        probabilities = torch.softmax(scores, dim=-1)
        return self.out((probabilities @ v).transpose(1, 2).reshape(batch, length, channels))


class Block(nn.Module):
    def __init__(self, config: EncoderConfig):
        super().__init__()
        self.norm = nn.LayerNorm(config.channels, eps=config.norm_eps)
        self.attention = Attention(config)
        self.up = nn.Linear(config.channels, (2 if config.gated else 1) * 2 * config.channels)
        self.down = nn.Linear(2 * config.channels, config.channels)
        self.gated = config.gated

    def forward(self, x, mask=None):
        x = x + self.attention(self.norm(x), mask)
        hidden = self.up(x)
        if self.gated:
            hidden, gate = hidden.chunk(2, dim=-1)
            hidden = hidden * torch.sigmoid(gate)
        else:
            hidden = torch.relu(hidden)
        return x + self.down(hidden)
