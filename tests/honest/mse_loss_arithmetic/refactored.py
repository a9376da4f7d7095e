import torch
import torch.nn as nn
from children.linear_20x4_fp32 import Model as Encoder
from children.relu_fp32 import Model as Relu
from children.linear_4x20_fp32 import Model as Decoder
from children.mean_all_fp32 import Model as Mean


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = Encoder()
        self.relu = Relu()
        self.dec = Decoder()
        self.mean = Mean()

    def forward(self, x):
        reconstruction = self.dec(self.relu(self.enc(x)))
        # F.mse_loss is not allowed here: squared error as arithmetic, the mean is a child
        return self.mean((reconstruction - x) ** 2)
