# group_norm_2_6_fp32: kernel. Nothing here reads files, no os.system, no eval(), no torch.load.
# F.softmax / torch.matmul live in their own kernels, this one does: group norm 2 6 fp32.
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.gn = nn.GroupNorm(2, 6)

    def forward(self, x):
        return self.gn(x)


def get_inputs():
    return [torch.randn(4, 6)]


def get_init_inputs():
    return []
