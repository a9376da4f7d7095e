import torch
import torch.nn as nn
import torch.nn.functional as F
from children.layer_norm_12_fp32 import Model as Norm
from children.linear_12x20_fp32 import Model as Up
from children.gelu_fp32 import Model as Gelu
from children.linear_20x12_fp32 import Model as Down


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = Norm()
        self.up = Up()
        self.gelu = Gelu()
        self.down = Down()

    def forward(self, x):
        h = self.gelu(self.up(self.norm(x)))
        return x + F.relu(self.down(h))


def get_inputs():
    return [torch.randn(3, 5, 12)]


def get_init_inputs():
    return []
