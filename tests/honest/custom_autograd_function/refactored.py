import torch
import torch.nn as nn
from children.linear_10x6_fp32 import Model as Fc
from children.sigmoid_fp32 import Model as Sigmoid
from children.round_ste_fp32 import Model as Round


class RefactoredModel(nn.Module):
    def __init__(self, levels=15):
        super().__init__()
        self.levels = levels
        self.fc = Fc()
        self.sigmoid = Sigmoid()
        self.round = Round()

    def forward(self, x):
        y = self.sigmoid(self.fc(x)) * self.levels
        return self.round(y) / self.levels
