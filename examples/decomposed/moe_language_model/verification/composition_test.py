"""moe_language_model from the kernels of level_0_kernel/ only, held against the source model.

Written by `decomp compose` from the steps' refactored models. Run it with Python and torch: it prints PASS or FAIL.
"""

import importlib.util
import sys
from pathlib import Path

import torch
import torch.nn as nn

ROOT = Path(__file__).resolve().parent.parent
ORIGINAL = ROOT / "level_3_model" / "moe_language_model.py"
sys.path.insert(0, str(ROOT / "level_0_kernel"))

from embedding_32x64_i64_fp32 import Model as PositionEmbedding
from embedding_512x64_i64_fp32 import Model as TokenEmbedding
from gelu_fp32 import Model as GELU
from layer_norm_64_fp32 import Model as LayerNorm
from linear_128x64_fp32 import Model as Down
from linear_64x128_fp32 import Model as Up
from linear_64x192_fp32 import Model as PackedProjection
from linear_64x4_nobias_fp32 import Model as Router
from linear_64x512_nobias_fp32 import Model as OutputHead
from linear_64x64_fp32 import Model as OutputProjection
from scaled_dot_product_attention_causal_2x4x32x16_fp32 import Model as Attention
from softmax_dimlast_fp32 import Model as Softmax
from topk_2_dimlast_fp32_i64 import Model as TopK

# (rtol, atol) by the dtype of a result; all other dtypes must be equal.
TOLERANCES = {
    torch.float64: (1e-7, 1e-8),
    torch.float32: (1e-4, 1e-5),
    torch.complex64: (1e-4, 1e-5),
    torch.float16: (1e-3, 1e-3),
    torch.bfloat16: (1e-3, 1e-3),
}
SEEDS = (42, 43, 44)


class CausalAttention(nn.Module):
    """Multi-head attention in which a position sees itself and what came before it."""

    def __init__(self, dim, num_heads):
        super().__init__()
        self.num_heads = num_heads
        self.qkv_proj = PackedProjection(dim, 3 * dim)
        self.attention = Attention()
        self.out_proj = OutputProjection(dim, dim)

    def forward(self, x):
        batch, length, dim = x.shape
        qkv = self.qkv_proj(x).view(batch, length, 3, self.num_heads, dim // self.num_heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        mixed = self.attention(q, k, v)
        return self.out_proj(mixed.transpose(1, 2).reshape(batch, length, dim))


class MixtureOfExperts(nn.Module):
    """Each token goes to the `top_k` experts that the router prefers, and takes their results by its probabilities."""

    def __init__(self, dim, hidden_dim, num_experts, top_k):
        super().__init__()
        self.router = Router(dim, num_experts)
        self.softmax = Softmax(-1)
        self.topk = TopK(top_k)
        self.experts = nn.ModuleList(
            nn.ModuleDict({"up": Up(dim, hidden_dim), "gelu": GELU(), "down": Down(hidden_dim, dim)})
            for _ in range(num_experts)
        )

    def forward(self, x):
        tokens = x.reshape(-1, x.shape[-1])
        weights, chosen = self.topk(self.softmax(self.router(tokens)))
        output = torch.zeros_like(tokens)
        for index, expert in enumerate(self.experts):
            token, place = torch.where(chosen == index)
            result = expert["down"](expert["gelu"](expert["up"](tokens[token])))
            output[token] = output[token] + weights[token, place].unsqueeze(-1) * result
        return output.reshape(x.shape)


class MoeBlock(nn.Module):
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


class ComposedModel(nn.Module):
    """Tokens in, next-token logits out."""

    def __init__(self, vocab_size, context_length, dim, num_heads, hidden_dim, num_experts, top_k, num_blocks):
        super().__init__()
        self.token_embedding = TokenEmbedding(vocab_size, dim)
        self.position_embedding = PositionEmbedding(context_length, dim)
        self.blocks = nn.ModuleList(MoeBlock(dim, num_heads, hidden_dim, num_experts, top_k) for _ in range(num_blocks))
        self.final_norm = LayerNorm(dim)
        self.output_head = OutputHead(dim, vocab_size)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1], device=tokens.device)
        x = self.token_embedding(tokens) + self.position_embedding(positions)
        for block in self.blocks:
            x = block(x)
        return self.output_head(self.final_norm(x))


# Each tensor of the source model, and the tensors of ComposedModel that take its values.
WEIGHT_MAP = {
    "blocks.0.attention.out_proj.bias": "blocks.0.attention.out_proj.linear.bias",
    "blocks.0.attention.out_proj.weight": "blocks.0.attention.out_proj.linear.weight",
    "blocks.0.attention.qkv_proj.bias": "blocks.0.attention.qkv_proj.linear.bias",
    "blocks.0.attention.qkv_proj.weight": "blocks.0.attention.qkv_proj.linear.weight",
    "blocks.0.attention_norm.bias": "blocks.0.attention_norm.norm.bias",
    "blocks.0.attention_norm.weight": "blocks.0.attention_norm.norm.weight",
    "blocks.0.experts.experts.0.down.bias": "blocks.0.experts.experts.0.down.linear.bias",
    "blocks.0.experts.experts.0.down.weight": "blocks.0.experts.experts.0.down.linear.weight",
    "blocks.0.experts.experts.0.up.bias": "blocks.0.experts.experts.0.up.linear.bias",
    "blocks.0.experts.experts.0.up.weight": "blocks.0.experts.experts.0.up.linear.weight",
    "blocks.0.experts.experts.1.down.bias": "blocks.0.experts.experts.1.down.linear.bias",
    "blocks.0.experts.experts.1.down.weight": "blocks.0.experts.experts.1.down.linear.weight",
    "blocks.0.experts.experts.1.up.bias": "blocks.0.experts.experts.1.up.linear.bias",
    "blocks.0.experts.experts.1.up.weight": "blocks.0.experts.experts.1.up.linear.weight",
    "blocks.0.experts.experts.2.down.bias": "blocks.0.experts.experts.2.down.linear.bias",
    "blocks.0.experts.experts.2.down.weight": "blocks.0.experts.experts.2.down.linear.weight",
    "blocks.0.experts.experts.2.up.bias": "blocks.0.experts.experts.2.up.linear.bias",
    "blocks.0.experts.experts.2.up.weight": "blocks.0.experts.experts.2.up.linear.weight",
    "blocks.0.experts.experts.3.down.bias": "blocks.0.experts.experts.3.down.linear.bias",
    "blocks.0.experts.experts.3.down.weight": "blocks.0.experts.experts.3.down.linear.weight",
    "blocks.0.experts.experts.3.up.bias": "blocks.0.experts.experts.3.up.linear.bias",
    "blocks.0.experts.experts.3.up.weight": "blocks.0.experts.experts.3.up.linear.weight",
    "blocks.0.experts.router.weight": "blocks.0.experts.router.linear.weight",
    "blocks.0.experts_norm.bias": "blocks.0.experts_norm.norm.bias",
    "blocks.0.experts_norm.weight": "blocks.0.experts_norm.norm.weight",
    "blocks.1.attention.out_proj.bias": "blocks.1.attention.out_proj.linear.bias",
    "blocks.1.attention.out_proj.weight": "blocks.1.attention.out_proj.linear.weight",
    "blocks.1.attention.qkv_proj.bias": "blocks.1.attention.qkv_proj.linear.bias",
    "blocks.1.attention.qkv_proj.weight": "blocks.1.attention.qkv_proj.linear.weight",
    "blocks.1.attention_norm.bias": "blocks.1.attention_norm.norm.bias",
    "blocks.1.attention_norm.weight": "blocks.1.attention_norm.norm.weight",
    "blocks.1.experts.experts.0.down.bias": "blocks.1.experts.experts.0.down.linear.bias",
    "blocks.1.experts.experts.0.down.weight": "blocks.1.experts.experts.0.down.linear.weight",
    "blocks.1.experts.experts.0.up.bias": "blocks.1.experts.experts.0.up.linear.bias",
    "blocks.1.experts.experts.0.up.weight": "blocks.1.experts.experts.0.up.linear.weight",
    "blocks.1.experts.experts.1.down.bias": "blocks.1.experts.experts.1.down.linear.bias",
    "blocks.1.experts.experts.1.down.weight": "blocks.1.experts.experts.1.down.linear.weight",
    "blocks.1.experts.experts.1.up.bias": "blocks.1.experts.experts.1.up.linear.bias",
    "blocks.1.experts.experts.1.up.weight": "blocks.1.experts.experts.1.up.linear.weight",
    "blocks.1.experts.experts.2.down.bias": "blocks.1.experts.experts.2.down.linear.bias",
    "blocks.1.experts.experts.2.down.weight": "blocks.1.experts.experts.2.down.linear.weight",
    "blocks.1.experts.experts.2.up.bias": "blocks.1.experts.experts.2.up.linear.bias",
    "blocks.1.experts.experts.2.up.weight": "blocks.1.experts.experts.2.up.linear.weight",
    "blocks.1.experts.experts.3.down.bias": "blocks.1.experts.experts.3.down.linear.bias",
    "blocks.1.experts.experts.3.down.weight": "blocks.1.experts.experts.3.down.linear.weight",
    "blocks.1.experts.experts.3.up.bias": "blocks.1.experts.experts.3.up.linear.bias",
    "blocks.1.experts.experts.3.up.weight": "blocks.1.experts.experts.3.up.linear.weight",
    "blocks.1.experts.router.weight": "blocks.1.experts.router.linear.weight",
    "blocks.1.experts_norm.bias": "blocks.1.experts_norm.norm.bias",
    "blocks.1.experts_norm.weight": "blocks.1.experts_norm.norm.weight",
    "final_norm.bias": "final_norm.norm.bias",
    "final_norm.weight": "final_norm.norm.weight",
    "output_head.weight": "output_head.linear.weight",
    "position_embedding.weight": "position_embedding.embedding.weight",
    "token_embedding.weight": "token_embedding.embedding.weight",
}


def load_original():
    """The module of the source model."""
    spec = importlib.util.spec_from_file_location("original_model", ORIGINAL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tensor_at(model, key):
    """The parameter, buffer or attribute of this name."""
    for part in key.split("."):
        if isinstance(model, dict):
            model = model[part]
        elif isinstance(model, (list, tuple)):
            model = model[int(part)]
        else:
            model = getattr(model, part)
    return model


def transfer_weights(original, composed):
    """Copies every tensor of the original to where WEIGHT_MAP says."""
    for key, targets in WEIGHT_MAP.items():
        for target in targets if isinstance(targets, list) else [targets]:
            source = tensor_at(original, key) if target is not None else None
            if isinstance(target, dict):
                first, last = target["rows"]
                source = source[first:last]
                target = target["key"]
            if target is not None:
                tensor_at(composed, target).copy_(source)


def perturb(model):
    """Moves every parameter off its default: zero biases and unit norms would hide a wrong map."""
    for parameter in model.parameters():
        if parameter.is_floating_point():
            parameter.add_(0.05 * torch.randn_like(parameter))


def leaves(value):
    """The tensors of a result, in order; numbers become tensors."""
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, (bool, int, float)):
        return [torch.tensor(value)]
    if isinstance(value, dict):
        value = list(value.values())
    elif hasattr(value, "__dataclass_fields__"):
        value = list(vars(value).values())
    elif not isinstance(value, (list, tuple)):
        return []
    return [leaf for item in value for leaf in leaves(item)]


def largest_difference(expected, actual):
    """Over all results; None when one is not equal within its tolerance."""
    if len(expected) != len(actual):
        return None
    largest = 0.0
    for a, b in zip(expected, actual):
        if a.shape != b.shape or a.dtype != b.dtype:
            return None
        rtol, atol = TOLERANCES.get(a.dtype, (0.0, 0.0))
        if not torch.allclose(b, a, rtol=rtol, atol=atol, equal_nan=True):
            return None
        if a.numel() > 0 and a.is_floating_point():
            largest = max(largest, (a - b).abs().nan_to_num().max().item())
    return largest


@torch.no_grad()
def run_tests():
    source = load_original()
    arguments = source.get_init_inputs() if hasattr(source, "get_init_inputs") else []
    passed = True
    for seed in SEEDS:
        torch.manual_seed(seed)
        original = source.Model(*arguments).eval()
        perturb(original)
        composed = ComposedModel(*arguments).eval()
        transfer_weights(original, composed)
        results = []
        for model in (original, composed):
            torch.manual_seed(seed)
            inputs = source.get_inputs()
            options = source.get_input_kwargs() if hasattr(source, "get_input_kwargs") else {}
            results.append(leaves(model(*inputs, **options)))
        difference = largest_difference(*results)
        print(f"seed {seed}: " + ("different" if difference is None else f"max difference {difference:.2e}"))
        passed = passed and difference is not None
    print("PASS" if passed else "FAIL: the composed model is not the original")
    return passed


if __name__ == "__main__":
    sys.exit(0 if run_tests() else 1)
