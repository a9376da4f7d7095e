import torch
import torch.nn as nn
from children.linear_4x4_fp32 import Model as Proj4
from children.linear_6x4_fp32 import Model as Proj6
from children.linear_8x4_fp32 import Model as Proj8
from children.layer_norm_4_fp32 import Model as Norm


class RefactoredModel(nn.Module):
    def __init__(self, *sizes, out=4):
        super().__init__()
        self.projections = nn.ModuleList([Proj4(), Proj6(), Proj8()])
        self.norm = Norm()

    def forward(self, *streams):
        fused = 0
        for projection, stream in zip(self.projections, streams):
            fused = fused + projection(stream)
        return self.norm(fused)


def get_init_inputs():
    return [4, 6, 8]
