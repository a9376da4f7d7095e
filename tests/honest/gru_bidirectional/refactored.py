import torch
import torch.nn as nn
from children.embedding_25x8_i64_fp32 import Model as Embedding
from children.gru_8x6_bidirectional_fp32 import Model as BiGRU
from children.tanh_fp32 import Model as Tanh
from children.linear_12x1_nobias_fp32 import Model as AttnScore
from children.softmax_dim0_fp32 import Model as Softmax
from children.sum_dim0_fp32 import Model as Sum


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = Embedding()
        self.gru = BiGRU()
        self.tanh = Tanh()
        self.attn = AttnScore()
        self.softmax = Softmax()
        self.sum = Sum()

    def forward(self, tokens):
        x = self.emb(tokens).transpose(0, 1)
        out, h_n = self.gru(x)
        w = self.softmax(self.attn(self.tanh(out)))
        return self.sum(w * out), h_n
