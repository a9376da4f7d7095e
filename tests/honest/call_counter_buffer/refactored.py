import torch
import torch.nn as nn
from children.call_gate_fp32 import Model as Gate
from children.linear_6x6_fp32 import Model as Fc
from children.tanh_fp32 import Model as Tanh


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.gate = Gate()
        self.fc = Fc()
        self.tanh = Tanh()

    def forward(self, x):
        gate = self.gate()
        return gate * self.tanh(self.fc(x)) + x
