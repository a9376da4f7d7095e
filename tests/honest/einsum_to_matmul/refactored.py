import torch
import torch.nn as nn
from children.linear_10x16_nobias_fp32 import Model as ToQK
from children.matmul_2x6x8_2x8x6_fp32 import Model as MatMul
from children.softmax_dimlast_fp32 import Model as Softmax


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.to_qk = ToQK()
        self.matmul = MatMul()
        self.softmax = Softmax()

    def forward(self, x):
        q, k = self.to_qk(x).chunk(2, dim=-1)
        dots = self.matmul(q, k.transpose(1, 2)) * 8 ** -0.5   # einsum "bid,bjd->bij"
        return self.softmax(dots)
