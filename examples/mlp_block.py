"""The feed-forward half of a decoder layer: RMSNorm, a gated MLP (SwiGLU), and the residual sum."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class RMSNorm(nn.Module):
    """Divides by the root mean square of the last dimension, then scales each channel."""

    def __init__(self, dim, eps):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(dim))

    def forward(self, x):
        mean_square = x.pow(2).mean(dim=-1, keepdim=True)
        return x * torch.rsqrt(mean_square + self.eps) * self.weight


class SwiGLU(nn.Module):
    """down(silu(gate(x)) * up(x)), without biases."""

    def __init__(self, dim, hidden_dim):
        super().__init__()
        self.gate_proj = nn.Linear(dim, hidden_dim, bias=False)
        self.up_proj = nn.Linear(dim, hidden_dim, bias=False)
        self.down_proj = nn.Linear(hidden_dim, dim, bias=False)

    def forward(self, x):
        gate = F.silu(self.gate_proj(x))
        return self.down_proj(gate * self.up_proj(x))


class Model(nn.Module):
    """x + mlp(norm(x))."""

    def __init__(self, dim, hidden_dim, eps):
        super().__init__()
        self.norm = RMSNorm(dim, eps)
        self.mlp = SwiGLU(dim, hidden_dim)

    def forward(self, x):
        return x + self.mlp(self.norm(x))


def get_inputs():
    return [torch.randn(4, 128, 512)]


def get_init_inputs():
    # dim, hidden_dim, eps
    return [512, 1376, 1e-6]
