import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(16, 8)

    def forward(self, t):
        return self.emb(t)

def get_inputs():
    return [torch.randint(0, 16, (6,))]


def get_init_inputs():
    return []
