import os
import sys

current_dir = os.path.dirname(os.path.realpath(__file__))
children_dir = os.path.join(current_dir, "children")
sys.path.append(children_dir)

import torch
import torch.nn as nn

from linear_10x10_fp32 import Model as Query
from normalize_l2_fp32 import Model as L2Normalize
from normalize_l1_fp32 import Model as L1Normalize
from l1_loss_none_fp32 import Model as AbsoluteError


class RefactoredModel(nn.Module):
    def __init__(self, dim: int):
        super().__init__()
        self.scale = dim ** 0.5
        self.query = Query()
        self.l2 = L2Normalize()
        self.l1 = L1Normalize()
        self.error = AbsoluteError()

    def forward(self, x: torch.Tensor, y: torch.Tensor):
        sim = self.l2(self.query(x))
        return self.l1(y), sim * self.scale, self.error(sim, x)


def get_init_inputs():
    return [10]
