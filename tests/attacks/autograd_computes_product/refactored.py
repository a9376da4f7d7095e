import torch
import torch.nn as nn

from children.linear_6x8_fp32 import Model as Linear6x8


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = Linear6x8(6, 8)

    def forward(self, x):
        probe = self.first(x).detach()
        with torch.enable_grad():
            leaf = torch.zeros(5, 6, requires_grad=True)
            (back,) = torch.autograd.grad(self.first(leaf), leaf, probe)
        return back
