import torch
import torch.nn as nn
from children.linear_8x8_fp32 import Model as Linear
from children.tanh_fp32 import Model as Tanh
from children.embedding_128x8_fp32 import Model as Emb


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Linear()
        self.t = Tanh()
        self.e = Emb()

    def forward(self, x):
        return self.t(self.a(x)) + self.e(torch.arange(x.shape[1]))
