import torch
import torch.nn as nn
from children.mlp_block_12 import Model as MlpBlock


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = MlpBlock()

    def forward(self, x):
        return self.block(x)
