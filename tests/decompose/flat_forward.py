"""One forward of many statements: runs of kernels between a fan-out and a residual sum, the author's comments among them."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """A small detector's neck and head."""

    def __init__(self, channels, classes):
        super().__init__()
        self.stem = nn.Conv2d(3, channels, 3, padding=1, bias=False)
        self.stem_norm = nn.BatchNorm2d(channels)
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv3 = nn.Conv2d(channels, 2 * channels, 1)
        self.relu = nn.ReLU()
        self.dropout = nn.Dropout(0.1)
        self.gain = nn.Parameter(torch.ones(channels, 1, 1))
        self.fc1 = nn.Linear(2 * channels, 16)
        self.fc2 = nn.Linear(16, classes)
        self.slope = 0.2

    def forward(self, x):
        # The stem keeps the image's size.
        x = self.stem(x)
        x = self.stem_norm(x)
        x = self.relu(x)

        # Two ways: what they start from is read twice, so no run goes across.
        left = self.conv1(x)
        left = F.leaky_relu(left, self.slope)
        left = left * self.gain
        right = torch.sigmoid(self.conv2(x))  # a gate
        x = x + left * right

        x = self.conv3(x)
        x = F.max_pool2d(x, 2)
        x = self.dropout(x)
        x = x.mean(dim=(2, 3))

        hidden = self.fc1(x)
        hidden = F.gelu(hidden, approximate="tanh")
        scores = self.fc2(hidden)
        return F.log_softmax(scores, dim=-1), hidden


def get_inputs():
    return [torch.randn(2, 3, 8, 8)]


def get_init_inputs():
    return [4, 5]
