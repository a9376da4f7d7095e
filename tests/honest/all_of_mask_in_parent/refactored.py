import torch
import torch.nn as nn
import math
from children.linear_8x8_fp32 import Model as Linear
from children.tanh_fp32 import Model as T


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Linear()
        self.t = T()

    def forward(self, x):
        done = torch.zeros(x.shape[0], dtype=torch.bool)
        for _ in range(6):
            x = self.t(self.a(x))
            done = done | (x[:, 0] > 0)
            if done.all():
                break
        return x, done
