"""Buffers that loops fill, and attributes that they store on the way."""

import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, width, longest):
        super().__init__()
        self.offsets = []
        table = torch.zeros(longest, longest)
        for row in range(longest):
            for column in range(longest):
                table[row, column] = abs(row - column)
            self.offsets.append(row * longest)
            self.last = row
        self.register_buffer("distance", table)
        for i in range(2):
            setattr(self, f"linear{i}", nn.Linear(width, width))
            self.register_buffer(f"slope{i}", torch.full((longest,), 0.5**i))

    def forward(self, x):
        n = x.shape[1]
        att = torch.softmax(self.linear0(x) @ self.linear1(x).transpose(1, 2) - self.distance[:n, :n] * self.slope1[:n], dim=-1)
        return att @ x * self.last


def get_inputs():
    return [torch.randn(2, 4, 6)]


def get_init_inputs():
    return [6, 9]
