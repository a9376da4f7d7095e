# component
import torch
import torch.nn as nn
import torch.nn.functional as F

PASSED = []


class Model(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.linear = nn.Linear(dim, dim)

    def forward(self, x):
        return self.linear(x)


def get_inputs():
    return [torch.randn(2, 4)]


def get_init_inputs():
    return [4]


def run_tests():
    PASSED.append(Model(4)(*get_inputs()).shape)
    print(PASSED)
