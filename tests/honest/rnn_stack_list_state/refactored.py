import torch
import torch.nn as nn
from typing import List
from children.rnn_relu_5x7_fp32 import Model as Rnn0
from children.rnn_relu_7x4_fp32 import Model as Rnn1


class RefactoredModel(nn.Module):
    def __init__(self, sizes=(5, 7, 4)):
        super().__init__()
        self.rnns = nn.ModuleList([Rnn0(), Rnn1()])

    def forward(self, x, states: List[torch.Tensor]):
        new_states = []
        for index, rnn in enumerate(self.rnns):
            x, state = rnn(x, states[index])
            new_states += [state]
        return x, new_states
