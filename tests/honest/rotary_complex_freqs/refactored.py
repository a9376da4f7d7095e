import torch
import torch.nn as nn
from children.linear_12x12_nobias_fp32 import Model as Proj
from children.rotary_embedding_6_c64_fp32 import Model as Rotary


class RefactoredModel(nn.Module):
    def __init__(self, dim=12, heads=2):
        super().__init__()
        self.heads = heads
        self.wq = Proj()
        self.wk = Proj()
        self.rotary = Rotary()  # one instance: q and k share freqs_cis

    def forward(self, x, start_pos: int):
        b, t, _ = x.shape
        q = self.wq(x).view(b, t, self.heads, -1)
        k = self.wk(x).view(b, t, self.heads, -1)
        return self.rotary(q, start_pos), self.rotary(k, start_pos)
