import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.ones(8))

    def forward(self, x):
        kept = x.dtype
        if kept != torch.float32:
            x = x.float()
        x = x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6)
        return self.w * x.to(kept)

def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
