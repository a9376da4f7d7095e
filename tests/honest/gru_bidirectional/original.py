import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(25, 8)
        self.gru = nn.GRU(8, 6, num_layers=1, batch_first=False, bidirectional=True)
        self.attn = nn.Linear(12, 1, bias=False)

    def forward(self, tokens):
        x = self.emb(tokens).transpose(0, 1)
        out, h_n = self.gru(x)
        w = self.attn(torch.tanh(out)).softmax(dim=0)
        return (w * out).sum(dim=0), h_n


def get_inputs():
    return [torch.randint(25, size=(3, 7))]


def get_init_inputs():
    return []
