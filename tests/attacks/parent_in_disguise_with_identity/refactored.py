import torch.nn as nn

from children.linear_gelu_linear import Model as Block
from children.identity_fp32 import Model as Finish


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = Block()
        self.finish = Finish()

    def forward(self, x):
        return self.finish(self.block(x))
