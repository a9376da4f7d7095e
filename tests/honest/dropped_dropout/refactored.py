"""Dropout is the identity in eval mode and is left out."""
import torch
import torch.nn as nn
from children.linear_20x40_fp32 import Model as Fc1
from children.relu_fp32 import Model as Relu
from children.linear_40x20_fp32 import Model as Fc2


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = Fc1()
        self.relu = Relu()
        self.fc2 = Fc2()

    def forward(self, x):
        return x + self.fc2(self.relu(self.fc1(x)))
