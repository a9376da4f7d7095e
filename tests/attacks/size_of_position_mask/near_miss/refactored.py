import torch
import torch.nn as nn
from children.linear_8x8_fp32 import Model as Linear
from children.tanh_fp32 import Model as Tanh
from children.mean_dim2_fp32 import Model as Pool


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = Linear()
        self.pool = Pool()
        self.act = Tanh()

    def forward(self, x):
        missing = -x.shape[1] % 4
        if missing > 0:
            x = torch.nn.functional.pad(x, (0, 0, 0, missing))
        y = self.fc(x)
        return self.act(self.pool(y.reshape(y.shape[0], y.shape[1] // 4, 4, y.shape[2])))
