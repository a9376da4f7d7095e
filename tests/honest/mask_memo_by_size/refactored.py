import torch.nn as nn
from children.linear_6x6_fp32 import Model as Linear
from children.matmul_fp32 import Model as MM
from children.causal_mask import Model as Mask
from children.softmax_fp32 import Model as Softmax


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.p = Linear()
        self.mm = MM()
        self.mask = Mask()
        self.softmax = Softmax()

    def forward(self, x):
        s = self.mm(self.p(x), x.transpose(1, 2))
        if x.size(1) > 32:
            s = s[:, -32:]
        return self.softmax(self.mask(s))
