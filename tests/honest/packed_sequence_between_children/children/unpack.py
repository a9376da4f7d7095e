import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, p):
        return nn.utils.rnn.pad_packed_sequence(p, batch_first=True, total_length=5)[0]


def get_inputs():
    return [nn.utils.rnn.pack_padded_sequence(torch.randn(3, 5, 6), torch.tensor([5, 2, 4]), batch_first=True, enforce_sorted=False)]


def get_init_inputs():
    return []
