"""
Component: tanh_fp32
Abstraction Level: kernel
Parent: same_tensor_attention
Children: none

Operations: tanh
"""
import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, x):
        return torch.tanh(x)


def get_inputs():
    return [torch.randn(2, 5, 8)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(2, 5, 8)]
