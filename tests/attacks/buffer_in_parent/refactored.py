import torch
import torch.nn as nn

from children.matmul_5x5_5x6_fp32 import Model as Matmul
from children.linear_6x4_fp32 import Model as Linear6x4


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.mix = Matmul()
        self.fc = Linear6x4(6, 4)
        self.register_buffer("decay", torch.tril(torch.ones(5, 5)))

    def forward(self, x):
        return self.fc(self.mix(self.decay, x))
