import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """Autoencoder whose output is its reconstruction loss."""

    def __init__(self):
        super().__init__()
        self.enc = nn.Linear(20, 4)
        self.dec = nn.Linear(4, 20)

    def forward(self, x):
        return F.mse_loss(self.dec(F.relu(self.enc(x))), x)


def get_inputs():
    return [torch.randn(9, 20)]


def get_init_inputs():
    return []
