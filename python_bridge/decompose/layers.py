"""Layers of torch.nn that are no single operation, written plainly, so that they can be taken apart like an author's own. They
have the attributes, weights and operations of torch's classes in eval mode without its fused paths."""

import inspect
import sys

import torch

SOURCE = '''

class SelfAttention(nn.Module):
    """Attention of several heads of a sequence to itself, with one packed input projection."""

    def __init__(self, embed_dim, num_heads, bias=True, batch_first=False):
        super().__init__()
        self.num_heads = num_heads
        self.head_dim = embed_dim // num_heads
        self.batch_first = batch_first
        self.in_proj_weight = nn.Parameter(torch.randn(3 * embed_dim, embed_dim))
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * embed_dim)) if bias else None
        self.out_proj = nn.Linear(embed_dim, embed_dim, bias=bias)

    def forward(self, x):
        if self.batch_first:
            x = x.transpose(1, 0)
        length, batch, width = x.shape
        packed = F.linear(x, self.in_proj_weight, self.in_proj_bias)
        packed = packed.unflatten(-1, (3, width)).unsqueeze(0).transpose(0, -2).squeeze(-2).contiguous()
        q, k, v = (part.view(length, batch * self.num_heads, self.head_dim).transpose(0, 1) for part in packed)
        q = q.view(batch, self.num_heads, length, self.head_dim)
        k = k.view(batch, self.num_heads, length, self.head_dim)
        v = v.view(batch, self.num_heads, length, self.head_dim)
        mixed = F.scaled_dot_product_attention(q, k, v)
        out = self.out_proj(mixed.permute(2, 0, 1, 3).contiguous().view(batch * length, width))
        out = out.view(length, batch, width)
        return out.transpose(1, 0) if self.batch_first else out


class MultiheadAttention(nn.Module):
    """The same with the weights of its heads' mean beside its output; query, key and value are one tensor."""

    def __init__(self, embed_dim, num_heads, bias=True, batch_first=False):
        super().__init__()
        self.num_heads = num_heads
        self.head_dim = embed_dim // num_heads
        self.batch_first = batch_first
        self.in_proj_weight = nn.Parameter(torch.randn(3 * embed_dim, embed_dim))
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * embed_dim)) if bias else None
        self.out_proj = nn.Linear(embed_dim, embed_dim, bias=bias)

    def forward(self, query, key, value):
        if self.batch_first:
            query = query.transpose(1, 0)
        length, batch, width = query.shape
        packed = F.linear(query, self.in_proj_weight, self.in_proj_bias)
        packed = packed.unflatten(-1, (3, width)).unsqueeze(0).transpose(0, -2).squeeze(-2).contiguous()
        q, k, v = (part.view(length, batch * self.num_heads, self.head_dim).transpose(0, 1) for part in packed)
        q = q * math.sqrt(1.0 / float(self.head_dim))
        weights = torch.softmax(torch.bmm(q, k.transpose(-2, -1)), dim=-1)
        mixed = torch.bmm(weights, v).transpose(0, 1).contiguous().view(length * batch, width)
        out = self.out_proj(mixed).view(length, batch, width)
        weights = weights.view(batch, self.num_heads, length, length).mean(dim=1)
        return (out.transpose(1, 0) if self.batch_first else out), weights


class CrossAttention(nn.Module):
    """Attention of one sequence to another, from which both keys and values come, with the mean weights of its heads."""

    def __init__(self, embed_dim, num_heads, bias=True, batch_first=False):
        super().__init__()
        self.num_heads = num_heads
        self.head_dim = embed_dim // num_heads
        self.embed_dim = embed_dim
        self.batch_first = batch_first
        self.in_proj_weight = nn.Parameter(torch.randn(3 * embed_dim, embed_dim))
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * embed_dim)) if bias else None
        self.out_proj = nn.Linear(embed_dim, embed_dim, bias=bias)

    def project_query(self, x):
        if self.in_proj_bias is None:
            return F.linear(x, self.in_proj_weight[: self.embed_dim])
        return F.linear(x, self.in_proj_weight[: self.embed_dim], self.in_proj_bias[: self.embed_dim])

    def project_source(self, x):
        if self.in_proj_bias is None:
            return F.linear(x, self.in_proj_weight[self.embed_dim :])
        return F.linear(x, self.in_proj_weight[self.embed_dim :], self.in_proj_bias[self.embed_dim :])

    def forward(self, query, key, value):
        if self.batch_first:
            query = query.transpose(1, 0)
            key = key.transpose(1, 0)
        length, batch, width = query.shape
        source = key.shape[0]
        q = self.project_query(query)
        packed = self.project_source(key)
        packed = packed.unflatten(-1, (2, width)).unsqueeze(0).transpose(0, -2).squeeze(-2).contiguous()
        q = q.view(length, batch * self.num_heads, self.head_dim).transpose(0, 1)
        k, v = (part.view(source, batch * self.num_heads, self.head_dim).transpose(0, 1) for part in packed)
        q = q * math.sqrt(1.0 / float(self.head_dim))
        weights = torch.softmax(torch.bmm(q, k.transpose(-2, -1)), dim=-1)
        mixed = torch.bmm(weights, v).transpose(0, 1).contiguous().view(length * batch, width)
        out = self.out_proj(mixed).view(length, batch, width)
        weights = weights.view(batch, self.num_heads, length, source).mean(dim=1)
        return (out.transpose(1, 0) if self.batch_first else out), weights


class TransformerEncoderLayer(nn.Module):
    """Attention and a two-layer MLP, each with a residual sum and a norm."""

    def __init__(self, d_model, nhead, dim_feedforward=2048, dropout=0.1, activation=F.relu, layer_norm_eps=1e-5,
                 batch_first=False, norm_first=False, bias=True):
        super().__init__()
        self.self_attn = SelfAttention(d_model, nhead, bias=bias, batch_first=batch_first)
        self.linear1 = nn.Linear(d_model, dim_feedforward, bias=bias)
        self.dropout = nn.Dropout(dropout)
        self.linear2 = nn.Linear(dim_feedforward, d_model, bias=bias)
        self.norm_first = norm_first
        self.norm1 = nn.LayerNorm(d_model, eps=layer_norm_eps, bias=bias)
        self.norm2 = nn.LayerNorm(d_model, eps=layer_norm_eps, bias=bias)
        self.dropout1 = nn.Dropout(dropout)
        self.dropout2 = nn.Dropout(dropout)
        self.activation = getattr_activation(activation)

    def attend(self, x):
        return self.dropout1(self.self_attn(x))

    def feed(self, x):
        return self.dropout2(self.linear2(self.dropout(self.activation(self.linear1(x)))))

    def forward(self, src):
        x = src
        if self.norm_first:
            x = x + self.attend(self.norm1(x))
            x = x + self.feed(self.norm2(x))
        else:
            x = self.norm1(x + self.attend(x))
            x = self.norm2(x + self.feed(x))
        return x


def getattr_activation(activation):
    """The function of a name."""
    if activation == "relu":
        return F.relu
    if activation == "gelu":
        return F.gelu
    return activation


class TransformerEncoder(nn.Module):
    """Equal layers one after another, then a norm where there is one."""

    def __init__(self, encoder_layer, num_layers, norm=None):
        super().__init__()
        self.layers = nn.ModuleList(copy.deepcopy(encoder_layer) for _ in range(num_layers))
        self.norm = norm

    def forward(self, src):
        output = src
        for layer in self.layers:
            output = layer(output)
        if self.norm is not None:
            output = self.norm(output)
        return output
'''

OPENED_MARK = "getattr_activation"  # a name that only the extended source has

HEAD = {"copy": "import copy", "math": "import math", "torch": "import torch", "nn": "import torch.nn as nn", "F": "import torch.nn.functional as F"}
OPENED = ("TransformerEncoder", "TransformerEncoderLayer", "MultiheadAttention")


def wanted(source: str, defined: dict) -> bool:
    """Does the file use one of them, and may their names be added to it?"""
    return any(name in source for name in OPENED) and not any(name in defined for name in OPENED)


def extended(source: str, defined: dict) -> str:
    """The model's source with the plain layers behind it."""
    lines = [line for name, line in HEAD.items() if name not in defined]
    return source.rstrip("\n") + "\n\n\n" + "\n".join(lines) + SOURCE


def is_open(module: torch.nn.Module) -> bool:
    """Does the plain form do what this instance is used for?"""
    if isinstance(module, torch.nn.MultiheadAttention):
        return module._qkv_same_embed_dim and module.bias_k is None and not module.add_zero_attn
    if isinstance(module, torch.nn.TransformerEncoderLayer):
        return type(module.self_attn).__name__ == "MultiheadAttention"
    return True


def open_layers(model: torch.nn.Module, namespace: dict, constructed: dict) -> None:
    """Gives every instance of those layers its plain class, and leaves constructor values that this does not take."""
    inner = {id(m.self_attn) for m in model.modules() if isinstance(m, torch.nn.TransformerEncoderLayer)}
    for module in list(model.modules()) if OPENED_MARK in namespace else []:
        name = type(module).__name__
        if type(module).__module__.startswith("torch.nn.modules") and name in OPENED and is_open(module):
            original, plain = type(module), namespace["SelfAttention" if id(module) in inner else name]
            args, kwargs = constructed.get(id(module), ((), {}))
            bound = inspect.signature(original.__init__).bind(module, *args, **kwargs).arguments
            bound.pop("self")
            known = inspect.signature(plain.__init__).parameters
            if name == "MultiheadAttention" and plain is namespace[name]:
                object.__setattr__(module, "_decomp_as_built", (original, constructed.get(id(module), ((), {}))))
            constructed[id(module)] = ((), {k: v for k, v in bound.items() if k in known})
            module.__class__ = plain


def choose(module: torch.nn.Module, args: tuple, kwargs: dict, constructed: dict) -> None:
    """At its first call attention shows what it is used for: to itself, to another sequence, or in a way that has no plain form."""
    built = vars(module).pop("_decomp_as_built", None)
    if built is None:
        return
    same = len(args) == 3 and not kwargs and args[1] is args[2] and args[0].dim() == 3
    if same and args[0] is not args[1]:
        module.__class__ = sys.modules["decomp_judged"].CrossAttention
    elif not same:
        module.__class__, constructed[id(module)] = built
