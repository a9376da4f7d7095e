import torch
import torch.nn as nn
from children.linear_7x9_fp32 import Model as Backbone
from children.cdist_4x9_fp32 import Model as Distances
from children.softmax_dim1_fp32 import Model as Softmax


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = Backbone()
        self.distances = Distances()
        self.softmax = Softmax()

    def forward(self, x):
        return self.softmax(-self.distances(self.backbone(x)))
