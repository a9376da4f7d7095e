import torch
import torch.nn as nn
from children.causal_self_attention_12_h3 import Model as SelfAttention
from children.cross_attention_12_h3 import Model as CrossAttention
from children.feed_forward_12x20 import Model as FeedForward
from children.layer_norm_12_fp32 import Model as Norm


class RefactoredModel(nn.Module):
    """Post-norm decoder layer."""

    def __init__(self):
        super().__init__()
        self.self_attn = SelfAttention()
        self.norm1 = Norm()
        self.multihead_attn = CrossAttention()
        self.norm2 = Norm()
        self.ffn = FeedForward()
        self.norm3 = Norm()

    def forward(self, tgt, memory, memory_key_padding_mask):
        length = tgt.size(1)
        causal = torch.full((length, length), float("-inf")).triu(1)
        x = self.norm1(tgt + self.self_attn(tgt, causal))
        x = self.norm2(x + self.multihead_attn(x, memory, memory_key_padding_mask))
        return self.norm3(x + self.ffn(x))
