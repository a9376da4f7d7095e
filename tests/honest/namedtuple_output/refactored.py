from typing import NamedTuple, Optional

import torch
import torch.nn as nn

from children.linear_10x16_fp32 import Model as Body
from children.tanh_fp32 import Model as Tanh
from children.linear_16x4_fp32 import Model as PolicyHead
from children.softmax_dimlast_fp32 import Model as Softmax
from children.linear_16x1_fp32 import Model as ValueHead


class ActorCriticOutput(NamedTuple):
    policy: torch.Tensor
    value: torch.Tensor
    hidden: Optional[torch.Tensor] = None


class RefactoredModel(nn.Module):
    def __init__(self, return_hidden=True):
        super().__init__()
        self.return_hidden = return_hidden
        self.body = Body()
        self.tanh = Tanh()
        self.pi = PolicyHead()
        self.softmax = Softmax()
        self.v = ValueHead()

    def forward(self, obs) -> ActorCriticOutput:
        h = self.tanh(self.body(obs))
        policy = self.softmax(self.pi(h))
        value = self.v(h).squeeze(-1)
        return ActorCriticOutput(policy=policy, value=value, hidden=h if self.return_hidden else None)
