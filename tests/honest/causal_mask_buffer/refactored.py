"""
Refactored CausalSelfAttention.

Children:
  linear_24x72_fp32, linear_24x24_fp32, two matmuls, causal_mask_10_fp32 (owns the `bias` buffer), softmax, dropout.
"""
import math
import sys, os
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "children"))
import torch
import torch.nn as nn

from linear_24x72_fp32 import Model as CAttn
from linear_24x24_fp32 import Model as CProj
from matmul_2x3x6x8_2x3x8x6_fp32 import Model as QKMatmul
from matmul_2x3x6x6_2x3x6x8_fp32 import Model as AVMatmul
from causal_mask_10_fp32 import Model as CausalMask
from softmax_dimlast_fp32 import Model as Softmax
from dropout_fp32 import Model as Dropout


class RefactoredModel(nn.Module):
    def __init__(self, n_embd, n_head, attn_pdrop, max_seqlen):
        super().__init__()
        self.n_head = n_head
        self.n_embd = n_embd
        self.c_attn = CAttn(n_embd, 3 * n_embd)
        self.c_proj = CProj(n_embd, n_embd)
        self.qk = QKMatmul()
        self.mask = CausalMask(max_seqlen)
        self.softmax = Softmax()
        self.attn_dropout = Dropout(attn_pdrop)
        self.av = AVMatmul()

    def forward(self, x):
        B, T, C = x.size()  # batch, tokens, channels
        q, k, v = self.c_attn(x).split(self.n_embd, dim=2)
        k = k.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        q = q.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        v = v.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        att = self.qk(q, k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1)))
        att = self.mask(att)
        att = self.softmax(att)
        att = self.attn_dropout(att)
        y = self.av(att, v)
        y = y.transpose(1, 2).contiguous().view(B, T, C)
        return self.c_proj(y)


def get_inputs():
    return [torch.randn(2, 6, 24)]


def get_init_inputs():
    return [24, 3, 0.0, 10]
