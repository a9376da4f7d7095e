import torch.nn as nn

from children.linear_4x4_fp32 import Model as Linear4x4
from children.gelu_fp32 import Model as Gelu


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = Linear4x4(4, 4)
        self.act = Gelu()

    def forward(self, x):
        done = 0
        while done < 3:
            x = self.act(self.fc(x))
            done += 1
        return x
