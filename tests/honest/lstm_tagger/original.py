import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, input_size, hidden_size, num_layers, tags):
        super(Model, self).__init__()
        self.lstm = nn.LSTM(input_size, hidden_size, num_layers, batch_first=True)
        self.fc = nn.Linear(hidden_size, tags)

    def forward(self, x):
        out, (h, c) = self.lstm(x)
        return self.fc(out[:, -1, :]), h, c


input_size, hidden_size, num_layers, tags = 10, 12, 2, 5


def get_inputs():
    return [torch.randn(3, 7, input_size)]


def get_init_inputs():
    return [input_size, hidden_size, num_layers, tags]
