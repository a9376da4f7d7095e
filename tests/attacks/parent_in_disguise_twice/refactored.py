import torch
import torch.nn as nn

from children.linear_gelu_linear import Model as Block


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = Block()

    def forward(self, x):
        return torch.cat([self.block(x[:2]), self.block(x[2:])])
