import torch
import torch.nn as nn
from children.embedding_bag_20x6_sum_fp32 import Model as BagA
from children.embedding_bag_30x6_sum_fp32 import Model as BagB
from children.linear_5x6_fp32 import Model as Bottom
from children.relu_fp32 import Model as Relu
from children.bmm_4x3x6_4x6x3_fp32 import Model as Interact
from children.linear_9x1_fp32 import Model as Top
from children.sigmoid_fp32 import Model as Sigmoid


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.bag_a = BagA()
        self.bag_b = BagB()
        self.bottom = Bottom()
        self.relu = Relu()
        self.interact = Interact()
        self.top = Top()
        self.sigmoid = Sigmoid()

    def forward(self, dense, idx_a, off_a, idx_b, off_b):
        d = self.relu(self.bottom(dense))
        feats = torch.stack([d, self.bag_a(idx_a, off_a), self.bag_b(idx_b, off_b)], dim=1)
        inter = self.interact(feats, feats.transpose(1, 2))
        rows = torch.tensor([1, 2, 2])
        cols = torch.tensor([0, 0, 1])
        return self.sigmoid(self.top(torch.cat([d, inter[:, rows, cols]], dim=1)))
