import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.training_steps = 0

    def forward(self, x):
        self.training_steps += 1
        return torch.tanh(x) if self.training_steps < 50 else x

def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
