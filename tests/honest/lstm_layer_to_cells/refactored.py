import torch
import torch.nn as nn

from children.lstm_cell_5x6_fp32 import Model as Cell


class RefactoredModel(nn.Module):
    def __init__(self, inputs, hidden):
        super().__init__()
        self.cell = Cell(inputs, hidden)

    def forward(self, x, h, c):
        h, c = h[0], c[0]
        for t in range(x.size(1)):
            h, c = self.cell(x[:, t], h, c)
        return h.unsqueeze(0), c.unsqueeze(0)
