from dataclasses import dataclass, field
from typing import List, Optional

import torch
import torch.nn as nn


@dataclass
class EncoderOutput:
    last_hidden_state: torch.Tensor
    hidden_states: List[torch.Tensor] = field(default_factory=list)
    attentions: Optional[torch.Tensor] = None


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(8, 8), nn.Linear(8, 8)])

    def forward(self, hidden):
        states = [hidden]
        for layer in self.layers:
            hidden = nn.functional.gelu(layer(hidden)) + hidden
            states.append(hidden)
        return EncoderOutput(last_hidden_state=hidden, hidden_states=states)


def get_inputs():
    return [torch.randn(2, 4, 8)]


def get_init_inputs():
    return []
