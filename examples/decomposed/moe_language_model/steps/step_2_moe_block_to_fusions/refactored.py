"""Step 2: a block as calls of its norms, its attention and its experts.

Left in the parent, as plumbing: the residual sums.
"""

import sys
from pathlib import Path

import torch
import torch.nn as nn

sys.path.insert(0, str(Path(__file__).resolve().parent))

from children.causal_attention import Model as CausalAttention
from children.layer_norm_64_fp32 import Model as LayerNorm
from children.mixture_of_experts import Model as MixtureOfExperts


class RefactoredModel(nn.Module):
    """Pre-norm attention and pre-norm experts, each added to the residual stream."""

    def __init__(self, dim, num_heads, hidden_dim, num_experts, top_k):
        super().__init__()
        self.attention_norm = LayerNorm(dim)
        self.attention = CausalAttention(dim, num_heads)
        self.experts_norm = LayerNorm(dim)
        self.experts = MixtureOfExperts(dim, hidden_dim, num_experts, top_k)

    def forward(self, x):
        x = x + self.attention(self.attention_norm(x))
        return x + self.experts(self.experts_norm(x))


def get_inputs():
    return [torch.randn(2, 32, 64)]


def get_init_inputs():
    # dim, num_heads, hidden_dim, num_experts, top_k
    return [64, 4, 128, 4, 2]
