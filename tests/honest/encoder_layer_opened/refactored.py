import torch
import torch.nn as nn
from children.layer_norm_16_fp32 import Model as Norm
from children.multihead_attention_16_h2 import Model as SelfAttention
from children.feed_forward_16x32 import Model as FeedForward


class RefactoredModel(nn.Module):
    """Pre-norm encoder layer: x + attn(norm1(x)), then x + ffn(norm2(x)). Dropout is inactive in eval."""

    def __init__(self):
        super().__init__()
        self.norm1 = Norm()
        self.self_attn = SelfAttention()
        self.norm2 = Norm()
        self.ffn = FeedForward()

    def forward(self, src):
        x = src + self.self_attn(self.norm1(src))
        return x + self.ffn(self.norm2(x))
