"""
Component: attention_projection_8x24_fp32
Abstraction Level: kernel
Parent: same_tensor_attention
Children: none

Operations: linear
"""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.packed = nn.Linear(width, 3 * width)

    def forward(self, query, key, value):
        if query is key and key is value:
            return self.packed(query).chunk(3, dim=-1)
        w_q, w_k, w_v = self.packed.weight.chunk(3)
        b_q, b_k, b_v = self.packed.bias.chunk(3)
        linear = nn.functional.linear
        return linear(query, w_q, b_q), linear(key, w_k, b_k), linear(value, w_v, b_v)


def get_inputs():
    x = torch.randn(2, 5, 8)
    return [x, x]


def get_input_kwargs():
    return {"value": get_inputs()[0]}


def get_init_inputs():
    return [8]


def get_expected_output_shape():
    return [(2, 5, 8), (2, 5, 8), (2, 5, 8)]
