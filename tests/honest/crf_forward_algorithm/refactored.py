import torch
import torch.nn as nn
from children.linear_6x4_fp32 import Model as Emission
from children.start_scores_4_fp32 import Model as Start
from children.transition_scores_4x4_fp32 import Model as Transitions
from children.logsumexp_dim1_fp32 import Model as LogSumExp
from children.where_fp32 import Model as Where


class RefactoredModel(nn.Module):
    def __init__(self, tags=4):
        super().__init__()
        self.emission = Emission()
        self.start = Start()
        self.transitions = Transitions()
        self.logsumexp = LogSumExp()
        self.where = Where()

    def forward(self, x, mask):
        e = self.emission(x)
        alpha = self.start(e[:, 0])
        for t in range(1, e.size(1)):
            scores = self.transitions(alpha) + e[:, t].unsqueeze(1)
            new = self.logsumexp(scores)
            alpha = self.where(mask[:, t].unsqueeze(1), new, alpha)
        return self.logsumexp(alpha)


def get_inputs():
    mask = torch.arange(6)[None, :] < torch.tensor([[6], [4], [2]])
    return [torch.randn(3, 6, 6), mask]


def get_init_inputs():
    return []
