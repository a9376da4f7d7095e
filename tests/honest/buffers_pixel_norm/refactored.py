import torch
import torch.nn as nn
from children.pixel_norm_3_fp32 import Model as PixelNorm
from children.conv2d_3x6_2x2_s2_fp32 import Model as Stem


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.pixel_norm = PixelNorm()
        self.stem = Stem()

    def forward(self, img):
        return self.stem(self.pixel_norm(img))
