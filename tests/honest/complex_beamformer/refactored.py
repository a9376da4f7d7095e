import torch
import torch.nn as nn
from children.steer_3x5_c64 import Model as Steer
from children.abs_c64_fp32 import Model as Abs
from children.angle_c64_fp32 import Model as Angle


class RefactoredModel(nn.Module):
    def __init__(self, sensors=5, beams=3):
        super().__init__()
        self.steer = Steer()
        self.abs = Abs()
        self.angle = Angle()

    def forward(self, snapshots):
        y = self.steer(snapshots)
        return y.conj(), self.abs(y) ** 2, self.angle(y), y.real, y.imag
