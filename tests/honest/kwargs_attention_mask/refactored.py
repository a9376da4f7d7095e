import torch
import torch.nn as nn
from children.linear_14x1_fp32 import Model as Score
from children.softmax_dimlast_fp32 import Model as Softmax
from children.bmm_3x1x6_3x6x14_fp32 import Model as WeightedSum
from children.linear_14x7_fp32 import Model as Out


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.score = Score()
        self.softmax = Softmax()
        self.weighted_sum = WeightedSum()
        self.out = Out()

    def forward(self, hidden, *, attention_mask, temperature=1.0):
        logits = self.score(hidden).squeeze(-1) / temperature
        logits = logits.masked_fill(attention_mask == 0, float("-inf"))
        weights = self.softmax(logits)
        pooled = self.weighted_sum(weights.unsqueeze(1), hidden).squeeze(1)
        return self.out(pooled)


def get_inputs():
    return [torch.randn(3, 6, 14)]


def get_input_kwargs():
    mask = torch.ones(3, 6, dtype=torch.long)
    mask[0, 4:] = 0
    mask[2, 1:] = 0
    return {"attention_mask": mask, "temperature": 0.5}


def get_init_inputs():
    return []
