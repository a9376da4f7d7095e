"""
Component: moe_language_model
Source: examples/moe_language_model.py
Abstraction Level: model
Parent: root
Children: [embedding_512x64_i64_fp32, embedding_32x64_i64_fp32, moe_block, layer_norm_64_fp32, linear_64x512_nobias_fp32]

Operations: [embedding x2, add, block x2, layer_norm, linear]

Input Shapes:
  - tokens: (2, 32) dtype=int64

Output Shapes:
  - output: (2, 32, 512) dtype=float32

Weight Shapes:
  - token_embedding.weight: [512, 64]
  - position_embedding.weight: [32, 64]
  - blocks.0.attention_norm.weight: [64]
  - blocks.0.attention_norm.bias: [64]
  - blocks.0.attention.qkv_proj.weight: [192, 64]
  - blocks.0.attention.qkv_proj.bias: [192]
  - blocks.0.attention.out_proj.weight: [64, 64]
  - blocks.0.attention.out_proj.bias: [64]
  - blocks.0.experts_norm.weight: [64]
  - blocks.0.experts_norm.bias: [64]
  - blocks.0.experts.router.weight: [4, 64]
  - blocks.0.experts.experts.0.up.weight: [128, 64]
  - blocks.0.experts.experts.0.up.bias: [128]
  - blocks.0.experts.experts.0.down.weight: [64, 128]
  - blocks.0.experts.experts.0.down.bias: [64]
  - blocks.0.experts.experts.1.up.weight: [128, 64]
  - blocks.0.experts.experts.1.up.bias: [128]
  - blocks.0.experts.experts.1.down.weight: [64, 128]
  - blocks.0.experts.experts.1.down.bias: [64]
  - blocks.0.experts.experts.2.up.weight: [128, 64]
  - blocks.0.experts.experts.2.up.bias: [128]
  - blocks.0.experts.experts.2.down.weight: [64, 128]
  - blocks.0.experts.experts.2.down.bias: [64]
  - blocks.0.experts.experts.3.up.weight: [128, 64]
  - blocks.0.experts.experts.3.up.bias: [128]
  - blocks.0.experts.experts.3.down.weight: [64, 128]
  - blocks.0.experts.experts.3.down.bias: [64]
  - blocks.1.attention_norm.weight: [64]
  - blocks.1.attention_norm.bias: [64]
  - blocks.1.attention.qkv_proj.weight: [192, 64]
  - blocks.1.attention.qkv_proj.bias: [192]
  - blocks.1.attention.out_proj.weight: [64, 64]
  - blocks.1.attention.out_proj.bias: [64]
  - blocks.1.experts_norm.weight: [64]
  - blocks.1.experts_norm.bias: [64]
  - blocks.1.experts.router.weight: [4, 64]
  - blocks.1.experts.experts.0.up.weight: [128, 64]
  - blocks.1.experts.experts.0.up.bias: [128]
  - blocks.1.experts.experts.0.down.weight: [64, 128]
  - blocks.1.experts.experts.0.down.bias: [64]
  - blocks.1.experts.experts.1.up.weight: [128, 64]
  - blocks.1.experts.experts.1.up.bias: [128]
  - blocks.1.experts.experts.1.down.weight: [64, 128]
  - blocks.1.experts.experts.1.down.bias: [64]
  - blocks.1.experts.experts.2.up.weight: [128, 64]
  - blocks.1.experts.experts.2.up.bias: [128]
  - blocks.1.experts.experts.2.down.weight: [64, 128]
  - blocks.1.experts.experts.2.down.bias: [64]
  - blocks.1.experts.experts.3.up.weight: [128, 64]
  - blocks.1.experts.experts.3.up.bias: [128]
  - blocks.1.experts.experts.3.down.weight: [64, 128]
  - blocks.1.experts.experts.3.down.bias: [64]
  - final_norm.weight: [64]
  - final_norm.bias: [64]
  - output_head.weight: [512, 64]
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class CausalAttention(nn.Module):
    """Multi-head attention in which a position sees itself and what came before it."""

    def __init__(self, dim, num_heads):
        super().__init__()
        self.num_heads = num_heads
        self.qkv_proj = nn.Linear(dim, 3 * dim)
        self.out_proj = nn.Linear(dim, dim)

    def forward(self, x):
        batch, length, dim = x.shape
        qkv = self.qkv_proj(x).view(batch, length, 3, self.num_heads, dim // self.num_heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.out_proj(mixed.transpose(1, 2).reshape(batch, length, dim))


class Expert(nn.Module):
    """Widen, GELU, narrow."""

    def __init__(self, dim, hidden_dim):
        super().__init__()
        self.up = nn.Linear(dim, hidden_dim)
        self.down = nn.Linear(hidden_dim, dim)

    def forward(self, x):
        return self.down(F.gelu(self.up(x)))


class MixtureOfExperts(nn.Module):
    """Each token goes to the `top_k` experts that the router prefers, and takes their results by its probabilities."""

    def __init__(self, dim, hidden_dim, num_experts, top_k):
        super().__init__()
        self.top_k = top_k
        self.router = nn.Linear(dim, num_experts, bias=False)
        self.experts = nn.ModuleList(Expert(dim, hidden_dim) for _ in range(num_experts))

    def forward(self, x):
        tokens = x.reshape(-1, x.shape[-1])
        probabilities = F.softmax(self.router(tokens), dim=-1)
        weights, chosen = torch.topk(probabilities, self.top_k, dim=-1)
        output = torch.zeros_like(tokens)
        for index, expert in enumerate(self.experts):
            token, place = torch.where(chosen == index)
            output[token] = output[token] + weights[token, place].unsqueeze(-1) * expert(tokens[token])
        return output.reshape(x.shape)


class Block(nn.Module):
    """Pre-norm attention and pre-norm experts, each added to the residual stream."""

    def __init__(self, dim, num_heads, hidden_dim, num_experts, top_k):
        super().__init__()
        self.attention_norm = nn.LayerNorm(dim)
        self.attention = CausalAttention(dim, num_heads)
        self.experts_norm = nn.LayerNorm(dim)
        self.experts = MixtureOfExperts(dim, hidden_dim, num_experts, top_k)

    def forward(self, x):
        x = x + self.attention(self.attention_norm(x))
        return x + self.experts(self.experts_norm(x))


class Model(nn.Module):
    """Tokens in, next-token logits out."""

    def __init__(self, vocab_size, context_length, dim, num_heads, hidden_dim, num_experts, top_k, num_blocks):
        super().__init__()
        self.token_embedding = nn.Embedding(vocab_size, dim)
        self.position_embedding = nn.Embedding(context_length, dim)
        self.blocks = nn.ModuleList(Block(dim, num_heads, hidden_dim, num_experts, top_k) for _ in range(num_blocks))
        self.final_norm = nn.LayerNorm(dim)
        self.output_head = nn.Linear(dim, vocab_size, bias=False)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1], device=tokens.device)
        x = self.token_embedding(tokens) + self.position_embedding(positions)
        for block in self.blocks:
            x = block(x)
        return self.output_head(self.final_norm(x))


def get_inputs():
    return [torch.randint(0, 512, (2, 32))]


def get_init_inputs():
    # vocab_size, context_length, dim, num_heads, hidden_dim, num_experts, top_k, num_blocks
    return [512, 32, 64, 4, 128, 4, 2, 2]


def get_expected_output_shape():
    return [(2, 32, 512)]


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
