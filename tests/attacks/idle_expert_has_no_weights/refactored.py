import torch.nn as nn

from children.linear_6x3_fp32 import Model as Router
from children.linear_6x4_fp32 import Model as Expert
from children.softmax_dim1_fp32 import Model as Softmax


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.router = Router(6, 3)
        self.softmax = Softmax()
        self.experts = nn.ModuleList([Expert(6, 4) for _ in range(2)])

    def forward(self, x, chosen):
        scores = self.softmax(self.router(x))
        return self.experts[0 if chosen == 1 else 1](x) * scores[:, chosen : chosen + 1]
