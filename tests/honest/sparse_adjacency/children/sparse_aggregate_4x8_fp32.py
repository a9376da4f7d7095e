import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, x, idx, w):
        adj = torch.sparse_coo_tensor(idx, w, (4, 4))
        return torch.sparse.mm(adj, x)


def get_inputs():
    return [torch.randn(4, 8), torch.tensor([[0, 1, 2, 3, 0], [1, 2, 3, 0, 2]]), torch.rand(5)]


def get_init_inputs():
    return []
