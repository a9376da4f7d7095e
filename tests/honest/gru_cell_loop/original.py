import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, n_in=6, n_hid=9):
        super().__init__()
        self.n_hid = n_hid
        self.cell = nn.GRUCell(n_in, n_hid)
        self.readout = nn.Linear(n_hid, 2)

    def forward(self, x):
        h = x.new_zeros(x.size(0), self.n_hid)
        ys = []
        for t in range(x.size(1)):
            h = self.cell(x[:, t], h)
            ys.append(self.readout(h))
        return torch.stack(ys, dim=1), h


def get_inputs():
    return [torch.randn(3, 5, 6)]


def get_init_inputs():
    return []
