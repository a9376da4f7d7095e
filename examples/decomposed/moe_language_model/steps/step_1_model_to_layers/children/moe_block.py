"""
Component: moe_block
Source: examples/moe_language_model.py
Abstraction Level: layer
Parent: moe_language_model
Children: [layer_norm_64_fp32, causal_attention, mixture_of_experts]

Operations: [layer_norm, linear, scaled_dot_product_attention, linear, add, layer_norm, linear, softmax, topk, linear x8, gelu x4, add]

Input Shapes:
  - x: (2, 32, 64) dtype=float32

Output Shapes:
  - output: (2, 32, 64) dtype=float32

Weight Shapes:
  - attention_norm.weight: [64]
  - attention_norm.bias: [64]
  - attention.qkv_proj.weight: [192, 64]
  - attention.qkv_proj.bias: [192]
  - attention.out_proj.weight: [64, 64]
  - attention.out_proj.bias: [64]
  - experts_norm.weight: [64]
  - experts_norm.bias: [64]
  - experts.router.weight: [4, 64]
  - experts.experts.0.up.weight: [128, 64]
  - experts.experts.0.up.bias: [128]
  - experts.experts.0.down.weight: [64, 128]
  - experts.experts.0.down.bias: [64]
  - experts.experts.1.up.weight: [128, 64]
  - experts.experts.1.up.bias: [128]
  - experts.experts.1.down.weight: [64, 128]
  - experts.experts.1.down.bias: [64]
  - experts.experts.2.up.weight: [128, 64]
  - experts.experts.2.up.bias: [128]
  - experts.experts.2.down.weight: [64, 128]
  - experts.experts.2.down.bias: [64]
  - experts.experts.3.up.weight: [128, 64]
  - experts.experts.3.up.bias: [128]
  - experts.experts.3.down.weight: [64, 128]
  - experts.experts.3.down.bias: [64]
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


class Model(nn.Module):
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


def get_inputs():
    return [torch.randn(2, 32, 64)]


def get_init_inputs():
    # dim, num_heads, hidden_dim, num_experts, top_k
    return [64, 4, 128, 4, 2]


def get_expected_output_shape():
    return [(2, 32, 64)]


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
