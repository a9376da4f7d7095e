"""
Refactored: tiny GPT -> embedding (kernel), transformer blocks (layer), head (kernel).

The children hold every nn.Linear / nn.Embedding / F.scaled_dot_product_attention; nothing here does.
"""
import torch
import torch.nn as nn

from children.embedding_21x12_i64_fp32 import Model as TokenEmbedding
from children.transformer_block_12 import Model as TransformerBlock
from children.linear_12x21_nobias_fp32 import Model as Head

VOCAB = 21
NUM_LAYERS = 2


class RefactoredModel(nn.Module):
    def __init__(self, vocab=VOCAB, d=12, h=3, layers=NUM_LAYERS):
        super().__init__()
        self.tok = TokenEmbedding()
        self.blocks = nn.Sequential(*[TransformerBlock() for _ in range(layers)])
        self.head = Head()

    def forward(self, ids):
        return self.head(self.blocks(self.tok(ids)))


def get_inputs():
    return [torch.randint(0, VOCAB, (2, 6))]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(2, 6, VOCAB)]


def run_tests():
    try:
        model = RefactoredModel(*get_init_inputs()).eval()
        with torch.no_grad():
            output = model(*get_inputs())
        assert tuple(output.shape) == get_expected_output_shape()[0]
        print("PASS")
        return True
    except Exception as e:
        print(f"FAIL: {e}")
        import traceback
        traceback.print_exc()
        return False


if __name__ == "__main__":
    import sys
    sys.exit(0 if run_tests() else 1)
