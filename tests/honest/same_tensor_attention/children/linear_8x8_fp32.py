"""
Component: linear_8x8_fp32
Abstraction Level: kernel
Parent: same_tensor_attention
Children: none

Operations: linear
"""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x):
        return self.linear(x)


def get_inputs():
    return [torch.randn(2, 5, 8)]


def get_init_inputs():
    return [8, 8]


def get_expected_output_shape():
    return [(2, 5, 8)]
