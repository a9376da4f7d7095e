import torch
import torch.nn as nn

from children.einsum_bi_bj_fp32 import Model as Outer


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.outer = Outer()

    def forward(self, x, y, z):
        return self.outer(x, y)[:, :, :, None] * z[:, None, None, :]
