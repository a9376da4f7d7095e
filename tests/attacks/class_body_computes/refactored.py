import torch
import torch.nn as nn

from children.linear_6x4_fp32 import Model as Linear6x4


class RefactoredModel(nn.Module):
    positions = torch.sin(torch.arange(6, dtype=torch.float32))

    def __init__(self):
        super().__init__()
        self.fc = Linear6x4(6, 4)

    def forward(self, x):
        return self.fc(x + self.positions)
