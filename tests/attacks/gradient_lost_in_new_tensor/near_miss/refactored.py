import torch
import torch.nn as nn
from children.linear_8x8_fp32 import Model as Linear
from children.round_fp32 import Model as Round


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = Linear()
        self.round = Round()

    def forward(self, x):
        y = self.fc(x)
        return y + (self.round(y) - y).detach()
