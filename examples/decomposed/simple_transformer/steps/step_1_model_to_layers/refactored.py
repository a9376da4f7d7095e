"""Step 1: the model as calls of its embeddings, its four blocks, the final norm and the head.

Left in the parent, as plumbing: the position numbers and the sum of the two embeddings.
"""

import sys
from pathlib import Path

import torch
import torch.nn as nn

sys.path.insert(0, str(Path(__file__).resolve().parent))

from children.embedding_4096x256_i64_fp32 import Model as TokenEmbedding
from children.embedding_64x256_i64_fp32 import Model as PositionEmbedding
from children.layer_norm_256_fp32 import Model as LayerNorm
from children.linear_256x4096_nobias_fp32 import Model as OutputHead
from children.transformer_block import Model as TransformerBlock


class RefactoredModel(nn.Module):
    """Tokens in, next-token logits out."""

    def __init__(self, vocab_size, context_length, dim, num_heads, hidden_dim, num_blocks):
        super().__init__()
        self.token_embedding = TokenEmbedding(vocab_size, dim)
        self.position_embedding = PositionEmbedding(context_length, dim)
        self.blocks = nn.ModuleList(
            TransformerBlock(dim, num_heads, hidden_dim, context_length) for _ in range(num_blocks)
        )
        self.final_norm = LayerNorm(dim)
        self.output_head = OutputHead(dim, vocab_size)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1], device=tokens.device)
        x = self.token_embedding(tokens) + self.position_embedding(positions)
        for block in self.blocks:
            x = block(x)
        return self.output_head(self.final_norm(x))


def get_inputs():
    return [torch.randint(0, 4096, (2, 64))]


def get_init_inputs():
    # vocab_size, context_length, dim, num_heads, hidden_dim, num_blocks
    return [4096, 64, 256, 8, 1024, 4]
