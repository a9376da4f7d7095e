import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(1024, 8)

    def forward(self, ids):
        flags = F.pad(torch.zeros(999), (0, 25), value=1.0).bool()
        return self.emb(ids).masked_fill(flags[ids][:, None], 0.0)

def get_inputs():
    return [torch.randint(0, 100, (5,))]


def get_init_inputs():
    return []
