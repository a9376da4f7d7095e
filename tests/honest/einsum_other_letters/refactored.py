import torch
import torch.nn as nn

from children.einsum_scores_fp32 import Model as Scores
from children.einsum_values_fp32 import Model as Values
from children.softmax_dim3_fp32 import Model as Softmax


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.scores = Scores()
        self.softmax = Softmax()
        self.values = Values()

    def forward(self, q, k, v):
        return self.values(self.softmax(self.scores(q, k)), v)
