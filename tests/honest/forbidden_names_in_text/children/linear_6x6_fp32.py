# linear_6x6_fp32: kernel. Nothing here reads files, no os.system, no eval(), no torch.load.
# F.softmax / torch.matmul live in their own kernels, this one does: linear.
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(6, 6)

    def forward(self, x):
        return self.linear(x)


def get_inputs():
    return [torch.randn(4, 6)]


def get_init_inputs():
    return []
