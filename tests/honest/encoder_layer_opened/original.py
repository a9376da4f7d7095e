import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(d_model=16, nhead=2, dim_feedforward=32, dropout=0.1, batch_first=True, norm_first=True, activation="gelu")

    def forward(self, src):
        return self.layer(src)


def get_inputs():
    return [torch.randn(2, 5, 16)]


def get_init_inputs():
    return []
