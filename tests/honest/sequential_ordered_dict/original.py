from collections import OrderedDict

import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(OrderedDict([
            ("conv0", nn.Conv2d(1, 4, 5)),
            ("norm0", nn.BatchNorm2d(4)),
            ("act0", nn.Hardswish()),
            ("pool0", nn.AdaptiveAvgPool2d((2, 2))),
        ]))
        self.classifier = nn.Sequential(nn.Flatten(), nn.Linear(16, 10), nn.LogSoftmax(dim=1))

    def forward(self, x):
        return self.classifier(self.features(x))


def get_inputs():
    return [torch.randn(3, 1, 10, 10)]


def get_init_inputs():
    return []
