import torch.nn as nn
import torch.nn.functional as F

from children.linear_6x8_fp32 import Model as Linear6x8
from children.linear_8x4_fp32 import Model as Linear8x4


current = None


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = Linear6x8(6, 8)
        self.fc2 = Linear8x4(8, 4)

    def finish(self, y):
        return self.fc2(current(y))

    def forward(self, x):
        global current
        current = F.gelu
        return self.finish(self.fc1(x))
