import torch
import torch.nn as nn
from children.embedding_12x8_i64_fp32 import Model as Embed
from children.lstm_cell_8x8_fp32 import Model as Cell
from children.linear_8x12_fp32 import Model as Head
from children.argmax_dimlast_fp32_i64 import Model as Argmax


class RefactoredModel(nn.Module):
    def __init__(self, vocab=12, dim=8, max_len=5, bos=1, eos=2):
        super().__init__()
        self.max_len, self.bos, self.eos = max_len, bos, eos
        self.embed = Embed()
        self.cell = Cell()
        self.head = Head()
        self.argmax = Argmax()

    def forward(self, state):
        h, c = state
        token = torch.full((h.size(0),), self.bos, dtype=torch.long)
        finished = torch.zeros(h.size(0), dtype=torch.bool)
        tokens = []
        for _ in range(self.max_len):
            h, c = self.cell(self.embed(token), (h, c))
            token = self.argmax(self.head(h)).masked_fill(finished, self.eos)
            finished = finished | (token == self.eos)
            tokens.append(token)
        return torch.stack(tokens, 1), (h, c)
