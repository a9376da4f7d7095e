import torch
import torch.nn as nn
import math
from children.linear_8x8_fp32 import Model as Linear
from children.embedding_bag_20x8_fp32 import Model as Emb


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = Emb()
        self.b = Linear()

    def forward(self, i):
        return self.b(self.e(i))
