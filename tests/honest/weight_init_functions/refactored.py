import torch
import torch.nn as nn
from children.linear_8x8_fp32 import Model as Fc
from children.layer_norm_8_fp32 import Model as Ln
from children.matmul_weight_8x8_fp32 import Model as Raw


class RefactoredModel(nn.Module):
    def __init__(self, n=8):
        super().__init__()
        self.fc = Fc()
        self.ln = Ln()
        self.raw = Raw()

    def forward(self, x):
        return self.raw(self.ln(self.fc(x)))
