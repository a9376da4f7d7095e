"""
Component: simple_transformer
Source: examples/simple_transformer.py
Abstraction Level: model
Parent: root
Children: [embedding_4096x256_i64_fp32, embedding_64x256_i64_fp32, transformer_block,
    layer_norm_256_fp32, linear_256x4096_nobias_fp32]

Operations: [embedding, embedding, add, 4 x transformer_block, layer_norm, linear]

Input Shapes:
  - tokens: [2, 64] dtype=int64

Output Shapes:
  - logits: [2, 64, 4096] dtype=float32

Weight Shapes:
  - token_embedding.weight: [4096, 256]
  - position_embedding.weight: [64, 256]
  - blocks.*.attention_norm.weight: [256]
  - blocks.*.attention_norm.bias: [256]
  - blocks.*.attention.q_proj.weight: [256, 256]
  - blocks.*.attention.q_proj.bias: [256]
  - blocks.*.attention.k_proj.weight: [256, 256]
  - blocks.*.attention.k_proj.bias: [256]
  - blocks.*.attention.v_proj.weight: [256, 256]
  - blocks.*.attention.v_proj.bias: [256]
  - blocks.*.attention.out_proj.weight: [256, 256]
  - blocks.*.attention.out_proj.bias: [256]
  - blocks.*.attention.causal_mask: [64, 64] dtype=bool
  - blocks.*.mlp_norm.weight: [256]
  - blocks.*.mlp_norm.bias: [256]
  - blocks.*.mlp.up_proj.weight: [1024, 256]
  - blocks.*.mlp.up_proj.bias: [1024]
  - blocks.*.mlp.down_proj.weight: [256, 1024]
  - blocks.*.mlp.down_proj.bias: [256]
  - final_norm.weight: [256]
  - final_norm.bias: [256]
  - output_head.weight: [4096, 256]
"""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class CausalSelfAttention(nn.Module):
    """Multi-head attention in which a position sees itself and what came before it."""

    def __init__(self, dim, num_heads, context_length):
        super().__init__()
        self.num_heads = num_heads
        self.head_dim = dim // num_heads
        self.q_proj = nn.Linear(dim, dim)
        self.k_proj = nn.Linear(dim, dim)
        self.v_proj = nn.Linear(dim, dim)
        self.out_proj = nn.Linear(dim, dim)
        future = torch.ones(context_length, context_length, dtype=torch.bool).triu(diagonal=1)
        self.register_buffer("causal_mask", future)

    def split_heads(self, x):
        batch, length, _ = x.shape
        return x.view(batch, length, self.num_heads, self.head_dim).transpose(1, 2)

    def forward(self, x):
        batch, length, dim = x.shape
        q = self.split_heads(self.q_proj(x))
        k = self.split_heads(self.k_proj(x))
        v = self.split_heads(self.v_proj(x))
        scores = torch.matmul(q, k.transpose(-2, -1)) / math.sqrt(self.head_dim)
        scores = scores.masked_fill(self.causal_mask[:length, :length], float("-inf"))
        weights = torch.softmax(scores, dim=-1)
        mixed = torch.matmul(weights, v)
        return self.out_proj(mixed.transpose(1, 2).reshape(batch, length, dim))


class MLP(nn.Module):
    """Widen, GELU, narrow."""

    def __init__(self, dim, hidden_dim):
        super().__init__()
        self.up_proj = nn.Linear(dim, hidden_dim)
        self.down_proj = nn.Linear(hidden_dim, dim)

    def forward(self, x):
        return self.down_proj(F.gelu(self.up_proj(x)))


class TransformerBlock(nn.Module):
    """Pre-norm attention and pre-norm MLP, each added to the residual stream."""

    def __init__(self, dim, num_heads, hidden_dim, context_length):
        super().__init__()
        self.attention_norm = nn.LayerNorm(dim)
        self.attention = CausalSelfAttention(dim, num_heads, context_length)
        self.mlp_norm = nn.LayerNorm(dim)
        self.mlp = MLP(dim, hidden_dim)

    def forward(self, x):
        x = x + self.attention(self.attention_norm(x))
        x = x + self.mlp(self.mlp_norm(x))
        return x


class Model(nn.Module):
    """Tokens in, next-token logits out."""

    def __init__(self, vocab_size, context_length, dim, num_heads, hidden_dim, num_blocks):
        super().__init__()
        self.token_embedding = nn.Embedding(vocab_size, dim)
        self.position_embedding = nn.Embedding(context_length, dim)
        self.blocks = nn.ModuleList(
            TransformerBlock(dim, num_heads, hidden_dim, context_length) for _ in range(num_blocks)
        )
        self.final_norm = nn.LayerNorm(dim)
        self.output_head = nn.Linear(dim, vocab_size, bias=False)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1], device=tokens.device)
        x = self.token_embedding(tokens) + self.position_embedding(positions)
        for block in self.blocks:
            x = block(x)
        return self.output_head(self.final_norm(x))


def get_inputs():
    return [torch.randint(0, 4096, (2, 64))]


def get_init_inputs():
    # vocab_size, context_length, dim, num_heads, hidden_dim, num_blocks
    return [4096, 64, 256, 8, 1024, 4]


def get_expected_output_shape():
    return [(2, 64, 4096)]


def run_tests():
    """Runs the component once on its own inputs; true when what comes out is as declared."""
    model = Model(*get_init_inputs()).eval()
    with torch.no_grad():
        output = model(*get_inputs())
    shape = tuple(output.shape)
    finite = bool(torch.isfinite(output).all())
    passed = [shape] == get_expected_output_shape() and output.dtype == torch.float32 and finite
    print("PASS" if passed else f"FAIL: shape {shape}, dtype {output.dtype}, finite: {finite}")
    return passed


if __name__ == "__main__":
    import sys

    sys.exit(0 if run_tests() else 1)
