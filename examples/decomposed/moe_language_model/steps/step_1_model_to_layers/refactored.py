"""Step 1: the model as calls of its embeddings, its blocks, the final norm and the head.

Left in the parent, as plumbing: the position numbers and the sum of the two embeddings.
"""

import sys
from pathlib import Path

import torch
import torch.nn as nn

sys.path.insert(0, str(Path(__file__).resolve().parent))

from children.embedding_32x64_i64_fp32 import Model as PositionEmbedding
from children.embedding_512x64_i64_fp32 import Model as TokenEmbedding
from children.layer_norm_64_fp32 import Model as LayerNorm
from children.linear_64x512_nobias_fp32 import Model as OutputHead
from children.moe_block import Model as Block


class RefactoredModel(nn.Module):
    """Tokens in, next-token logits out."""

    def __init__(self, vocab_size, context_length, dim, num_heads, hidden_dim, num_experts, top_k, num_blocks):
        super().__init__()
        self.token_embedding = TokenEmbedding(vocab_size, dim)
        self.position_embedding = PositionEmbedding(context_length, dim)
        self.blocks = nn.ModuleList(Block(dim, num_heads, hidden_dim, num_experts, top_k) for _ in range(num_blocks))
        self.final_norm = LayerNorm(dim)
        self.output_head = OutputHead(dim, vocab_size)

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
