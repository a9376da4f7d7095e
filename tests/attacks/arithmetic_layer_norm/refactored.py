import torch.nn as nn

from children.linear_6x4_fp32 import Model as Linear6x4


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = Linear6x4(6, 4)

    def forward(self, x):
        x = self.fc(x)
        mean = (x[:, 0:1] + x[:, 1:2] + x[:, 2:3] + x[:, 3:4]) / 4
        centred = x - mean
        square = centred * centred
        variance = (square[:, 0:1] + square[:, 1:2] + square[:, 2:3] + square[:, 3:4]) / 4
        return centred * (variance + 1e-5) ** -0.5
