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
        y = self.fc(x)
        if mask.dtype == torch.bool:
            y = y.masked_fill(~mask, 0.0)
        else:
            y = y.masked_fill(mask == 0, 0.0)
        return self.act(y)
