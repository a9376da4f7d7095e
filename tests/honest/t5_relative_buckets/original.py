import math
import torch
import torch.nn as nn


class Model(nn.Module):
    """T5 decoder bias: relative positions in logarithmic buckets."""

    def __init__(self, buckets=8, max_distance=16, heads=2):
        super().__init__()
        self.buckets, self.max_distance = buckets, max_distance
        self.relative_attention_bias = nn.Embedding(buckets, heads)
        self.scale = nn.Linear(4, 2)

    def bucket(self, relative_position):
        n = torch.max(-relative_position, torch.zeros_like(relative_position))
        max_exact = self.buckets // 2
        is_small = n < max_exact
        large = max_exact + (torch.log(n.float() / max_exact) / math.log(self.max_distance / max_exact) * (self.buckets - max_exact)).to(torch.long)
        large = torch.min(large, torch.full_like(large, self.buckets - 1))
        return torch.where(is_small, n, large)

    def forward(self, x):
        t = x.size(1)
        context = torch.arange(t, dtype=torch.long)[:, None]
        memory = torch.arange(t, dtype=torch.long)[None, :]
        values = self.relative_attention_bias(self.bucket(memory - context))
        return values.permute(2, 0, 1).unsqueeze(0) + self.scale(x).transpose(1, 2).unsqueeze(-1)


def get_inputs():
    return [torch.randn(2, 12, 4)]


def get_init_inputs():
    return []
