import torch.nn as nn
from children.linear_16x16_fp32 import Model as Linear
from children.sigmoid_fp32 import Model as Sigmoid


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.value = Linear()
        self.gate = Linear()
        self.sigmoid = Sigmoid()

    def forward(self, x):
        return x + self.value(x) * self.sigmoid(self.gate(x))
