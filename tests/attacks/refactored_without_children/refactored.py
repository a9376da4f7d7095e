import torch.nn as nn


class RefactoredModel(nn.Module):
    def forward(self, x):
        return x * 2.0 + 1.0
