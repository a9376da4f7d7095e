import torch
import torch.nn as nn
from children.cdist_12x6_fp32 import Model as Distances
from children.argmin_dim1_fp32_i64 import Model as Nearest
from children.bincount_12_i64 import Model as Counts
from children.sum_bool_i64 import Model as CountTrue


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.distances = Distances()
        self.nearest = Nearest()
        self.counts = Counts()
        self.count_true = CountTrue()

    def forward(self, x):
        codes = self.nearest(self.distances(x.reshape(-1, 6)))
        counts = self.counts(codes)
        used = self.count_true(counts > 0)
        return codes.view(x.shape[:-1]), counts.to(torch.int32), used, counts > 1
