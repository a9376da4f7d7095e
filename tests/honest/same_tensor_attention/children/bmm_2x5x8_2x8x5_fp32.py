"""
Component: bmm_2x5x8_2x8x5_fp32
Abstraction Level: kernel
Parent: same_tensor_attention
Children: none

Operations: bmm
"""
import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, a, b):
        return a @ b


def get_inputs():
    return [torch.randn(2, 5, 8), torch.randn(2, 8, 5)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(2, 5, 5)]
