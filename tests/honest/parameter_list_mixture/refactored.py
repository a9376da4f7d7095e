import torch
import torch.nn as nn
from children.mix_weights_3_fp32 import Model as MixWeights
from children.gamma_scale_1_fp32 import Model as Gamma
from children.linear_5x2_fp32 import Model as Out


class RefactoredModel(nn.Module):
    def __init__(self, layers=3):
        super().__init__()
        self.mix = MixWeights()
        self.gamma = Gamma()
        self.out = Out()

    def forward(self, tensors):
        weights = self.mix()
        pieces = [w * t for w, t in zip(weights, tensors)]
        return self.out(self.gamma(sum(pieces)))
