import torch
import torch.nn as nn


class Model(nn.Module):
    """Position ids from a padding mask (RoBERTa), then an embedding of them."""

    def __init__(self, padding_idx=1):
        super().__init__()
        self.padding_idx = padding_idx
        self.word = nn.Embedding(30, 10, padding_idx=padding_idx)
        self.position = nn.Embedding(20, 10, padding_idx=padding_idx)

    def forward(self, input_ids):
        mask = input_ids.ne(self.padding_idx).int()
        positions = torch.cumsum(mask, dim=1).type_as(mask) * mask
        positions = positions.long() + self.padding_idx
        return self.word(input_ids) + self.position(positions), positions


def get_inputs():
    ids = torch.randint(2, 30, (3, 8))
    ids[1, 5:] = 1
    return [ids]


def get_init_inputs():
    return []
