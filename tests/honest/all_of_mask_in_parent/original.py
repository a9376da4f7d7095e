import torch
import torch.nn as nn
import torch.nn.functional as F
import math


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 8)

    def forward(self, x):
        done = torch.zeros(x.shape[0], dtype=torch.bool)
        for _ in range(6):
            x = torch.tanh(self.a(x))
            done = done | (x[:, 0] > 0)
            if done.all():
                break
        return x, done


def get_inputs():
    return [torch.randn(4, 8)]


def get_init_inputs():
    return []
