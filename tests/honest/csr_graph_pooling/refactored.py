import torch
import torch.nn as nn
from children.linear_4x6_fp32 import Model as Message
from children.relu_fp32 import Model as Relu
from children.index_add_dim0_fp32 import Model as IndexAdd


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.msg = Message()
        self.relu = Relu()
        self.index_add = IndexAdd()

    def forward(self, x, indptr, indices):
        h = self.relu(self.msg(x))
        degrees = indptr[1:] - indptr[:-1]
        rows = torch.repeat_interleave(torch.arange(x.size(0)), degrees)
        return h + self.index_add(torch.zeros_like(h), rows, h[indices])
