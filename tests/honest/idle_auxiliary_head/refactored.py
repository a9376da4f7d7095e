import torch
import torch.nn as nn
from children.linear_6x8_fp32 import Model as Body
from children.linear_8x3_fp32 import Model as Head
from children.relu_fp32 import Model as Relu


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = Body()
        self.relu = Relu()
        self.head = Head()
        self.aux = Head()

    def forward(self, x):
        h = self.relu(self.body(x))
        if self.training:
            return self.head(h), self.aux(h)
        return self.head(h)
