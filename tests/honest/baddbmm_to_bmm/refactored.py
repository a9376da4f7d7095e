import math
import torch
import torch.nn as nn
from children.linear_8x8_fp32 import Model as Proj
from children.bmm_2x5x8_2x8x5_fp32 import Model as Scores
from children.softmax_dimlast_fp32 import Model as Softmax


class RefactoredModel(nn.Module):
    def __init__(self, dim=8):
        super().__init__()
        self.q = Proj()
        self.k = Proj()
        self.scores = Scores()
        self.softmax = Softmax()
        self.scale = 1.0 / math.sqrt(dim)

    def forward(self, x, alibi):
        scores = self.scores(self.q(x), self.k(x).transpose(1, 2)) * self.scale + alibi
        return self.softmax(scores)
