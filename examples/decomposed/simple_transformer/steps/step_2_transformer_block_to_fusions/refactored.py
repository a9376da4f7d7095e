"""Step 2: the transformer block as calls of attention, MLP and the norm before each of them.

Left in the parent, as plumbing: the two residual sums.
"""

import sys
from pathlib import Path

import torch
import torch.nn as nn

sys.path.insert(0, str(Path(__file__).resolve().parent))

from children.causal_self_attention import Model as CausalSelfAttention
from children.layer_norm_256_fp32 import Model as LayerNorm
from children.mlp import Model as MLP


class RefactoredModel(nn.Module):
    """Pre-norm attention and pre-norm MLP, each added to the residual stream."""

    def __init__(self, dim, num_heads, hidden_dim, context_length):
        super().__init__()
        self.attention_norm = LayerNorm(dim)
        self.attention = CausalSelfAttention(dim, num_heads, context_length)
        self.mlp_norm = LayerNorm(dim)
        self.mlp = MLP(dim, hidden_dim)

    def forward(self, x):
        x = x + self.attention(self.attention_norm(x))
        x = x + self.mlp(self.mlp_norm(x))
        return x


def get_inputs():
    return [torch.randn(2, 64, 256)]


def get_init_inputs():
    # dim, num_heads, hidden_dim, context_length
    return [256, 8, 1024, 64]
