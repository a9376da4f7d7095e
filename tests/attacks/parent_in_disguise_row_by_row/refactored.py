import torch
import torch.nn as nn

from children.linear_tanh import Model as Row


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.row = Row()

    def forward(self, x):
        rows = []
        for i in range(x.size(0)):
            rows.append(self.row(x[i:i + 1]))
        return torch.cat(rows)
