import torch
import torch.nn as nn
from children.conv2d_2x4_3x3_p1_fp32 import Model as Enc
from children.hardtanh_fp32 import Model as Hardtanh
from children.max_pool2d_indices_k2_fp32 import Model as Pool
from children.max_unpool2d_k2_fp32 import Model as Unpool
from children.conv2d_4x2_3x3_p1_fp32 import Model as Dec


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = Enc()
        self.hardtanh = Hardtanh()
        self.pool = Pool()
        self.unpool = Unpool()
        self.dec = Dec()

    def forward(self, x):
        pooled, where = self.pool(self.hardtanh(self.enc(x)))
        return self.dec(self.unpool(pooled, where)), where
