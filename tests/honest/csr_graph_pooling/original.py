import torch
import torch.nn as nn


class Model(nn.Module):
    """Neighbourhood sum over a CSR adjacency: row pointers are sorted by definition."""

    def __init__(self):
        super().__init__()
        self.msg = nn.Linear(4, 6)

    def forward(self, x, indptr, indices):
        h = torch.relu(self.msg(x))
        rows = torch.repeat_interleave(torch.arange(x.size(0)), indptr[1:] - indptr[:-1])
        return h + torch.zeros_like(h).index_add_(0, rows, h[indices])


def get_inputs():
    return [torch.randn(5, 4), torch.tensor([0, 2, 3, 3, 6, 8]), torch.tensor([1, 4, 0, 2, 3, 0, 1, 2])]


def get_init_inputs():
    return []
