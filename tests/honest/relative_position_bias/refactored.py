import torch
import torch.nn as nn
from children.linear_8x24_fp32 import Model as QKV
from children.matmul_4x2x9x4_4x2x4x9_fp32 import Model as QK
from children.relative_position_bias_25x2_fp32 import Model as RelativeBias
from children.softmax_dimlast_fp32 import Model as Softmax
from children.matmul_4x2x9x9_4x2x9x4_fp32 import Model as AV


class RefactoredModel(nn.Module):
    def __init__(self, window=3, heads=2, dim=8):
        super().__init__()
        self.heads = heads
        self.scale = (dim // heads) ** -0.5
        self.qkv = QKV()
        self.qk = QK()
        self.bias = RelativeBias()
        self.softmax = Softmax()
        self.av = AV()

    def forward(self, x):
        b, n, c = x.shape
        qkv = self.qkv(x).reshape(b, n, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0], qkv[1], qkv[2]
        attn = self.qk(q * self.scale, k.transpose(-2, -1))
        attn = self.softmax(self.bias(attn))
        return self.av(attn, v).transpose(1, 2).reshape(b, n, c)
