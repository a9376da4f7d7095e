import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.score = nn.Linear(14, 1)
        self.out = nn.Linear(14, 7)

    def forward(self, hidden, *, attention_mask, temperature=1.0):
        logits = self.score(hidden).squeeze(-1) / temperature
        logits = logits.masked_fill(attention_mask == 0, float("-inf"))
        weights = F.softmax(logits, dim=-1)
        pooled = torch.bmm(weights.unsqueeze(1), hidden).squeeze(1)
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
