import torch
import torch.nn as nn

from children.linear_6x5_fp32 import Model as Linear6x5
from children.softmax_dim1_fp32 import Model as Softmax


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = Linear6x5(6, 5)
        self.softmax = Softmax()

    def forward(self, x):
        scores = self.fc(x)
        hidden = torch.triu(torch.ones(5, 5), diagonal=1).bool()
        return self.softmax(scores.masked_fill(hidden, -1e9))
