import torch
import torch.nn as nn


def conv_dw(inp, oup, stride):
    return nn.Sequential(
        nn.Conv2d(inp, inp, 3, stride, 1, groups=inp, bias=False),
        nn.BatchNorm2d(inp),
        nn.ReLU6(inplace=True),
        nn.Conv2d(inp, oup, 1, 1, 0, bias=False),
        nn.BatchNorm2d(oup),
        nn.ReLU6(inplace=True),
    )


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = nn.Sequential(conv_dw(4, 6, 1), conv_dw(6, 8, 2), conv_dw(8, 8, 1))

    def forward(self, x):
        return self.model(x)


def get_inputs():
    return [torch.randn(2, 4, 8, 8)]


def get_init_inputs():
    return []
