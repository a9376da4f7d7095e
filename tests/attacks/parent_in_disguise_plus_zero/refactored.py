import torch
import torch.nn as nn
import math
from children.block import Model as B


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = B()

    def forward(self, x):
        return self.block(x) + 0.0
