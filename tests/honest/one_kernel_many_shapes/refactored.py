import torch
import torch.nn as nn
from children.linear_6x6_fp32 import Model as Linear
from children.relu_fp32 import Model as Relu
from children.mean_dim1_fp32 import Model as Mean


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.token = Linear()
        self.channel = Linear()
        self.final = Linear()
        self.relu = Relu()
        self.mean = Mean()

    def forward(self, x):
        y = self.relu(self.token(x))
        z = self.relu(self.channel(self.mean(y)))
        return self.relu(self.final(z[0])), y
