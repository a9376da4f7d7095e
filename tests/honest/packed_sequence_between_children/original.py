import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 8)
        self.g = nn.GRU(8, 6, batch_first=True)

    def forward(self, x, n):
        p = nn.utils.rnn.pack_padded_sequence(self.a(x), n, batch_first=True, enforce_sorted=False)
        o, h = self.g(p)
        o, _ = nn.utils.rnn.pad_packed_sequence(o, batch_first=True, total_length=5)
        return o, h


def get_inputs():
    return [torch.randn(3, 5, 8), torch.tensor([5, 2, 4])]


def get_init_inputs():
    return []
