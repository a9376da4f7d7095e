import torch
import torch.nn as nn


class Model(nn.Module):
    """Prefix tuning with a prefix of zero tokens: the configuration without prompts."""

    def __init__(self, n_prompt=0, dim=6):
        super().__init__()
        self.prompt = nn.Parameter(torch.randn(n_prompt, dim))
        self.alpha = nn.Parameter(torch.tensor(0.5))
        self.fc = nn.Linear(dim, dim)

    def forward(self, x):
        p = self.prompt.expand(x.size(0), -1, -1)
        h = torch.cat([p, x], dim=1)
        return torch.erf(self.fc(h)) * self.alpha


def get_inputs():
    return [torch.randn(2, 4, 6)]


def get_init_inputs():
    return []
