import torch
import torch.nn as nn

from children.lstm_10x12_l2_fp32 import Model as Lstm
from children.linear_12x5_fp32 import Model as Fc


class RefactoredModel(nn.Module):
    def __init__(self, input_size, hidden_size, num_layers, tags):
        super(RefactoredModel, self).__init__()
        self.lstm = Lstm(input_size, hidden_size, num_layers)
        self.fc = Fc(hidden_size, tags)

    def forward(self, x):
        out, (h, c) = self.lstm(x)
        logits = self.fc(out[:, -1, :])
        return logits, h, c


def get_inputs():
    return [torch.randn(3, 7, 10)]


def get_init_inputs():
    return [10, 12, 2, 5]
