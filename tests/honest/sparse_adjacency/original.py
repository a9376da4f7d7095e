import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 8)

    def forward(self, x, idx, w):
        adj = torch.sparse_coo_tensor(idx, w, (4, 4))
        return torch.relu(torch.sparse.mm(adj, self.a(x)))


def get_inputs():
    return [torch.randn(4, 8), torch.tensor([[0, 1, 2, 3, 0], [1, 2, 3, 0, 2]]), torch.rand(5)]


def get_init_inputs():
    return []
