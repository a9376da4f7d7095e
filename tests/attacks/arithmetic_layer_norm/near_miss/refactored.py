import torch.nn as nn

from children.linear_6x4_fp32 import Model as Linear6x4
from children.layer_norm_4_fp32 import Model as LayerNorm4


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = Linear6x4(6, 4)
        self.norm = LayerNorm4()

    def forward(self, x):
        return self.norm(self.fc(x))
