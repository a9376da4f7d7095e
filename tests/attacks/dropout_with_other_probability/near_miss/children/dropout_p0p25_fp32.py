import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def forward(self, x):
        if not self.training:
            return x
        return F.dropout(x, 0.25)

def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
