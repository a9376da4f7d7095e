import torch
import torch.nn as nn
from children.linear_7x5_nobias_fp32 import Model as Fc
from children.batch_norm_batch_stats_fp32 import Model as BatchNorm
from children.std_dim0_fp32 import Model as Std
from children.var_dim0_biased_fp32 import Model as Var


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = Fc()
        self.bn = BatchNorm()
        self.std = Std()
        self.var = Var()

    def forward(self, x):
        y = self.bn(self.fc(x))
        return y, self.std(y), self.var(y)
