import numpy as np
import torch
import torch.nn as nn


def sinusoid_table(n_position, d_hid):
    table = np.array([[pos / np.power(10000, 2 * (j // 2) / d_hid) for j in range(d_hid)] for pos in range(n_position)])
    table[:, 0::2] = np.sin(table[:, 0::2])
    table[:, 1::2] = np.cos(table[:, 1::2])
    return torch.tensor(table, dtype=torch.float32).unsqueeze(0)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("pos_table", sinusoid_table(20, 12))
        self.norm = nn.LayerNorm(12, eps=1e-6)

    def forward(self, x):
        return self.norm(x + self.pos_table[:, :x.size(1)].clone().detach())


def get_inputs():
    return [torch.randn(2, 9, 12)]


def get_init_inputs():
    return []
