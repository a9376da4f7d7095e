import torch
import torch.nn as nn

from children.linear_6x4_fp32 import Model as Linear6x4
from children.tanh_fp32 import Model as Tanh
from children.relu_fp32 import Model as Relu


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = Linear6x4(6, 4)
        self.fc2 = Linear6x4(6, 4)
        self.tanh = Tanh()
        self.relu = Relu()

    def forward(self, x):
        return torch.cat([self.tanh(self.fc1(x)), self.relu(self.fc2(x)) * 1e-8], dim=-1)
