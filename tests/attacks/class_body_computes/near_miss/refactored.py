import torch
import torch.nn as nn

from children.linear_6x4_fp32 import Model as Linear6x4
from children.sin_fp32 import Model as Sin


class RefactoredModel(nn.Module):
    features = 6

    def __init__(self):
        super().__init__()
        self.fc = Linear6x4(self.features, 4)
        self.sin = Sin()

    def forward(self, x):
        positions = torch.arange(self.features, dtype=torch.float32)
        return self.fc(x + self.sin(positions))
