import torch
import torch.nn as nn
from children.positional_encoding_3_fp32 import Model as Encoding
from children.linear_21x10_fp32 import Model as L0
from children.linear_31x10_fp32 import Model as L1
from children.linear_10x4_fp32 import Model as L2
from children.relu_fp32 import Model as Relu
from children.sigmoid_fp32 import Model as Sigmoid


class RefactoredModel(nn.Module):
    def __init__(self, n_freqs=3, width=10):
        super().__init__()
        self.encode = Encoding()
        self.l0, self.l1, self.l2 = L0(), L1(), L2()
        self.relu = Relu()
        self.sigmoid = Sigmoid()

    def forward(self, points):
        e = self.encode(points)
        h = self.relu(self.l0(e))
        h = self.relu(self.l1(torch.cat([h, e], dim=-1)))
        rgb_sigma = self.l2(h)
        rgb, sigma = rgb_sigma[..., :3], rgb_sigma[..., 3]
        return self.sigmoid(rgb), self.relu(sigma)
