import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHILDREN = HERE / "children"
if str(CHILDREN) not in sys.path:
    sys.path.insert(0, str(CHILDREN))

import torch
import torch.nn as nn

from conv_dw_4x6_s1 import Model as Block0
from conv_dw_6x8_s2 import Model as Block1
from conv_dw_8x8_s1 import Model as Block2


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = nn.Sequential(Block0(), Block1(), Block2())

    def forward(self, x):
        return self.model(x)
