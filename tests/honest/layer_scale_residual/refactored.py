import torch
import torch.nn as nn
from children.layer_norm_10_fp32 import Model as Norm
from children.linear_10x10_fp32 import Model as Mix
from children.layer_scale_10_fp32 import Model as LayerScale
from children.mlp_10x20 import Model as Mlp


class RefactoredModel(nn.Module):
    # drop path only acts in training mode, so it has no counterpart here
    def __init__(self, dim=10, drop_path=0.2):
        super().__init__()
        self.norm1, self.norm2 = Norm(), Norm()
        self.mix = Mix()
        self.ls1 = LayerScale()
        self.mlp = Mlp()
        self.ls2 = LayerScale()

    def forward(self, x):
        x = x + self.ls1(self.mix(self.norm1(x)))
        x = x + self.ls2(self.mlp(self.norm2(x)))
        return x
