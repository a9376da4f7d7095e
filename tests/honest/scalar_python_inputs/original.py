import torch
import torch.nn as nn


class Model(nn.Module):
    """Noise-level conditioned denoiser step: scalars come as Python numbers and flags."""

    def __init__(self):
        super().__init__()
        self.net = nn.Linear(8, 8)

    def forward(self, x, sigma, steps, clip=True, mode="add"):
        for i in range(steps):
            eps = torch.tanh(self.net(x / (1.0 + sigma)))
            x = x - sigma / (i + 1) * eps if mode == "add" else x * eps
        if clip:
            x = x.clamp(-1.0, 1.0)
        return x, steps * 2, sigma


def get_inputs():
    return [torch.randn(4, 8), 0.7, 3, True, "add"]


def get_init_inputs():
    return []
