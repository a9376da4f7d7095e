import torch
import torch.nn as nn


class RefactoredModel(nn.Module):
    def forward(self, x):
        return 2.0 * x + x[:, :1]
