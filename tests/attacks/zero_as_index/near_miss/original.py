import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(16, 8)
        self.fc = nn.Linear(8, 8)

    def forward(self, t):
        return self.fc(self.emb(torch.floor(t * 15).long()))

def get_inputs():
    return [torch.rand(6)]


def get_init_inputs():
    return []
