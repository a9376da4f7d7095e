import torch
import torch.nn as nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(5, 6, batch_first=True)
        self.fc = nn.Linear(6, 2)

    def forward(self, x, lengths):
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        out, (h, _) = self.lstm(packed)
        out, sizes = pad_packed_sequence(out, batch_first=True, total_length=x.size(1))
        return self.fc(out), self.fc(h[-1]), sizes


def get_inputs():
    return [torch.randn(3, 7, 5), torch.tensor([4, 7, 2])]


def get_init_inputs():
    return []
