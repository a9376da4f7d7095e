"""A model of two files: an encoder over tokens, with a dataclass of outputs."""

from dataclasses import dataclass

import torch
from torch import nn

from blocks import Block, EncoderConfig


@dataclass
class EncoderOutput:
    logits: torch.Tensor
    hidden: torch.Tensor


class TokenEncoder(nn.Module):
    def __init__(self, vocabulary: int = 50, config: EncoderConfig | None = None):
        super().__init__()
        config = config or EncoderConfig()
        self.embed = nn.Embedding(vocabulary, config.channels)
        self.blocks = nn.ModuleList([Block(config) for _ in range(config.layers)])
        self.head = nn.Linear(config.channels, vocabulary)

    def forward(self, tokens, mask=None):
        x = self.embed(tokens)
        for block in self.blocks:
            x = block(x, mask)
        return EncoderOutput(logits=self.head(x), hidden=x)
