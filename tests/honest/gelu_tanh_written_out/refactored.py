import torch
import torch.nn as nn
from children.linear_12x48_fp32 import Model as CFc
from children.gelu_tanh_fp32 import Model as NewGELU
from children.linear_48x12_fp32 import Model as CProj
from children.dropout_0p1_fp32 import Model as Dropout


class RefactoredModel(nn.Module):
    def __init__(self, n_embd):
        super().__init__()
        self.c_fc = CFc()
        self.gelu = NewGELU()
        self.c_proj = CProj()
        self.dropout = Dropout()

    def forward(self, x):
        x = self.c_fc(x)
        x = self.gelu(x)
        x = self.c_proj(x)
        return self.dropout(x)


def get_inputs():
    return [torch.randn(2, 4, 12)]


def get_init_inputs():
    return [12]
