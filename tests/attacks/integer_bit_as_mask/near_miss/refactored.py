import torch
import torch.nn as nn
from children.linear_8x8_fp32 import Model as Linear
from children.tanh_fp32 import Model as Tanh


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = Linear()
        self.act = Tanh()
    def forward(self, x, mask):
        return self.act(self.fc(x).masked_fill(~mask.bool()[:, None], 0.0))
