import torch
import torch.nn as nn
from children.median_dim1_fp32 import Model as Median
from children.quantile_dim1_fp32 import Model as Quantile
from children.linear_13x5_fp32 import Model as Proj

QUARTILES = [0.25, 0.75]


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.median = Median()
        self.quantile = Quantile()
        self.proj = Proj()

    def forward(self, x):
        med = self.median(x)
        q = self.quantile(x, torch.tensor(QUARTILES))
        iqr = q[1] - q[0]
        return self.proj((x - med) / (iqr + 1e-6)), med
