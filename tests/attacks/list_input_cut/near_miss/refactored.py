import torch
import torch.nn as nn
from children.linear_8x8_fp32 import Model as Linear
from children.tanh_fp32 import Model as Tanh


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = Linear()
        self.act = Tanh()
        self.fc2 = Linear()

    def forward(self, xs):
        return self.fc2(torch.stack([self.act(self.fc1(x)) for x in xs], 0))
