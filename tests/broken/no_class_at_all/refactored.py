import torch
from children.layer_norm_12_fp32 import Model as Norm
from children.linear_12x20_fp32 import Model as Up
from children.gelu_fp32 import Model as Gelu
from children.linear_20x12_fp32 import Model as Down


def forward(x):
    return x + Down()(Gelu()(Up()(Norm()(x))))
