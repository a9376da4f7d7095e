import torch
import torch.nn as nn
from children.linear_8x8_fp32 import Model as Proj
from children.matmul_3x5x8_3x8x1_fp32 import Model as Score
from children.softmax_dimlast_fp32 import Model as Softmax
from children.matmul_3x1x5_3x5x8_fp32 import Model as Read


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.wq = Proj()
        self.wk = Proj()
        self.score = Score()
        self.softmax = Softmax()
        self.read = Read()

    def forward(self, x, cache, pos: int):
        cache[:, pos] = self.wk(x)
        keys = cache[:, : pos + 1]
        score = self.score(keys, self.wq(x).unsqueeze(-1)).squeeze(-1)
        weight = self.softmax(score)
        return self.read(weight.unsqueeze(1), keys).squeeze(1)


def get_inputs():
    return [torch.randn(3, 8), torch.randn(3, 6, 8), 4]


def get_init_inputs():
    return []
