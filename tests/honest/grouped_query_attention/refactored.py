import torch
import torch.nn as nn
from children.linear_16x16_nobias_fp32 import Model as Linear16
from children.linear_16x8_nobias_fp32 import Model as KVLinear
from children.matmul_2x4x5x4_2x4x4x5_fp32 import Model as Scores
from children.softmax_dimlast_fp32 import Model as Softmax
from children.matmul_2x4x5x5_2x4x5x4_fp32 import Model as Mix


def repeat_kv(x, n_rep):
    """Plumbing: expand each kv head n_rep times."""
    b, h, t, d = x.shape
    return x[:, :, None].expand(b, h, n_rep, t, d).reshape(b, h * n_rep, t, d)


class RefactoredModel(nn.Module):
    def __init__(self, hidden=16, heads=4, kv_heads=2):
        super().__init__()
        self.heads, self.kv_heads, self.head_dim = heads, kv_heads, hidden // heads
        self.groups = heads // kv_heads
        self.q_proj = Linear16()
        self.k_proj = KVLinear()
        self.v_proj = KVLinear()
        self.o_proj = Linear16()
        self.scores = Scores()
        self.softmax = Softmax()
        self.mix = Mix()

    def forward(self, x, attention_mask=None):
        b, t, _ = x.shape
        q = self.q_proj(x).view(b, t, self.heads, self.head_dim).transpose(1, 2)
        k = self.k_proj(x).view(b, t, self.kv_heads, self.head_dim).transpose(1, 2)
        v = self.v_proj(x).view(b, t, self.kv_heads, self.head_dim).transpose(1, 2)
        k = repeat_kv(k, self.groups)
        v = repeat_kv(v, self.groups)
        w = self.scores(q, k.transpose(2, 3)) * self.head_dim ** -0.5
        if attention_mask is not None:
            w = w + attention_mask
        w = self.softmax(w).to(q.dtype)
        y = self.mix(w, v).transpose(1, 2).reshape(b, t, -1)
        return self.o_proj(y), w
