import torch
import torch.nn as nn

from children.linear_6x4_fp32 import Model as Linear6x4


TABLE = (0.0, 0.8414709848078965, 0.9092974268256817, 0.1411200080598672, -0.7568024953079282, -0.9589242746631385)


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = Linear6x4(6, 4)

    def forward(self, x):
        return self.fc(x + torch.tensor(TABLE))
