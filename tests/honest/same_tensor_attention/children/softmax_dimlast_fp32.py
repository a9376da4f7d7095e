"""
Component: softmax_dimlast_fp32
Abstraction Level: kernel
Parent: same_tensor_attention
Children: none

Operations: softmax
"""
import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, x):
        return torch.softmax(x, dim=-1)


def get_inputs():
    return [torch.randn(2, 5, 5)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(2, 5, 5)]
