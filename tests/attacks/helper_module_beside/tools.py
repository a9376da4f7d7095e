import torch


def middle(x):
    return torch.nn.functional.gelu(x)
