import torch.nn as nn

from children.linear_gelu_linear_residual import Model as Block


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = Block()
        self.second = Block()

    def forward(self, x):
        return self.second(self.first(x))
