import torch.nn as nn

from children.matmul_5x5_5x6_fp32 import Model as CausalMix
from children.linear_6x4_fp32 import Model as Linear6x4


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.mix = CausalMix(5)
        self.fc = Linear6x4(6, 4)

    def forward(self, x):
        return self.fc(self.mix(x))
