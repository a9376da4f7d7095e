import torch
import torch.nn as nn


class Conv1D(nn.Module):
    """GPT-2's transposed linear."""

    def __init__(self, nf, nx):
        super().__init__()
        self.nf = nf
        self.weight = nn.Parameter(torch.randn(nx, nf) * 0.02)
        self.bias = nn.Parameter(torch.zeros(nf))

    def forward(self, x):
        size_out = x.size()[:-1] + (self.nf,)
        return torch.addmm(self.bias, x.view(-1, x.size(-1)), self.weight).view(size_out)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.c_fc = Conv1D(32, 8)
        self.c_proj = Conv1D(8, 32)

    def forward(self, x):
        return self.c_proj(nn.functional.gelu(self.c_fc(x)))


def get_inputs():
    return [torch.randn(2, 5, 8)]


def get_init_inputs():
    return []
