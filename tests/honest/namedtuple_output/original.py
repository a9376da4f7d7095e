from typing import NamedTuple, Optional

import torch
import torch.nn as nn


class ActorCriticOutput(NamedTuple):
    policy: torch.Tensor
    value: torch.Tensor
    hidden: Optional[torch.Tensor] = None


class Model(nn.Module):
    def __init__(self, return_hidden=True):
        super().__init__()
        self.return_hidden = return_hidden
        self.body = nn.Linear(10, 16)
        self.pi = nn.Linear(16, 4)
        self.v = nn.Linear(16, 1)

    def forward(self, obs):
        h = torch.tanh(self.body(obs))
        return ActorCriticOutput(policy=self.pi(h).softmax(dim=-1), value=self.v(h).squeeze(-1),
                                 hidden=h if self.return_hidden else None)


def get_inputs():
    return [torch.randn(5, 10)]


def get_init_inputs():
    return []
