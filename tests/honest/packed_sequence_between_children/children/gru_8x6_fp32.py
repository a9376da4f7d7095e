import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.g = nn.GRU(8, 6, batch_first=True)

    def forward(self, p):
        return self.g(p)


def get_inputs():
    return [nn.utils.rnn.pack_padded_sequence(torch.randn(3, 5, 8), torch.tensor([5, 2, 4]), batch_first=True, enforce_sorted=False)]


def get_init_inputs():
    return []
