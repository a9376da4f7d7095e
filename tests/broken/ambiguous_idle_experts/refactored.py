import torch
import torch.nn as nn
from children.linear_6x2_fp32 import Model as Gate
from children.argmax_dimlast_fp32_i64 import Model as Argmax
from children.linear_6x6_fp32 import Model as Expert


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.gate = Gate()
        self.argmax = Argmax()
        self.bank = nn.ModuleList([Expert() for _ in range(4)])

    def forward(self, x):
        choice = self.argmax(self.gate(x))
        out = torch.zeros_like(x)
        for i, expert in enumerate(self.bank):
            rows = choice == i
            if len(x[rows]) > 0:
                out[rows] = expert(x[rows])
        return out
