import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, x, n):
        return nn.utils.rnn.pack_padded_sequence(x, n, batch_first=True, enforce_sorted=False)


def get_inputs():
    return [torch.randn(3, 5, 8), torch.tensor([5, 2, 4])]


def get_init_inputs():
    return []
