import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, x):
        n = x.shape[1]
        if n % 4:
            x = F.pad(x, (0, 0, 0, 4 - n % 4))
        y = torch.tanh(self.fc(x).view(x.shape[0], -1, 4, 8).mean(2))
        return y

def get_inputs():
    return [torch.randn(2, 7, 8)]


def get_init_inputs():
    return []
