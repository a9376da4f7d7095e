import torch.nn as nn

from children.linear_6x4_fp32 import Model as Linear6x4
from children.running_mean_4_fp32 import Model as RunningMean


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = Linear6x4(6, 4)
        self.centre = RunningMean(4)

    def forward(self, x):
        return self.centre(self.fc(x))
