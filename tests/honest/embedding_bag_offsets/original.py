import torch
import torch.nn as nn


class Model(nn.Module):
    """DLRM-like: bags of sparse features, dense features, pairwise interactions."""

    def __init__(self):
        super().__init__()
        self.bag_a = nn.EmbeddingBag(20, 6, mode="sum")
        self.bag_b = nn.EmbeddingBag(30, 6, mode="sum")
        self.bottom = nn.Linear(5, 6)
        self.top = nn.Linear(9, 1)

    def forward(self, dense, idx_a, off_a, idx_b, off_b):
        d = torch.relu(self.bottom(dense))
        feats = torch.stack([d, self.bag_a(idx_a, off_a), self.bag_b(idx_b, off_b)], dim=1)
        inter = torch.bmm(feats, feats.transpose(1, 2))
        i, j = torch.tril_indices(3, 3, offset=-1)
        return torch.sigmoid(self.top(torch.cat([d, inter[:, i, j]], dim=1)))


def get_inputs():
    return [torch.randn(4, 5), torch.randint(0, 20, (10,)), torch.tensor([0, 3, 3, 7]), torch.randint(0, 30, (8,)), torch.tensor([0, 2, 4, 6])]


def get_init_inputs():
    return []
