import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, dim=12):
        super().__init__()
        self.in_proj_weight = nn.Parameter(torch.randn(3 * dim, dim) * 0.1)
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * dim))

    def forward(self, x):
        q, k, v = torch.nn.functional.linear(x, self.in_proj_weight, self.in_proj_bias).chunk(3, dim=-1)
        attn = torch.softmax(q @ k.transpose(-2, -1), dim=-1)
        return attn @ v


def get_inputs():
    return [torch.randn(2, 5, 12)]


def get_init_inputs():
    return []
