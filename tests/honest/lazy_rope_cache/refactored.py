import torch
import torch.nn as nn
from children.rotary_tables_6_fp32 import Model as RotaryTables
from children.linear_12x12_nobias_fp32 import Model as CQ
from children.apply_rotary_fp32 import Model as ApplyRotary


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.rotary = RotaryTables()
        self.c_q = CQ()
        self.apply_rotary = ApplyRotary()

    def forward(self, x):
        q = self.c_q(x).view(x.size(0), x.size(1), 2, 6)
        cos, sin = self.rotary(q)
        return self.apply_rotary(q, cos, sin)
