import torch
import torch.nn as nn


class Base(nn.Module):
    ACT = staticmethod(torch.tanh)

    def __init__(self, width):
        super().__init__()
        self.width = width
        self.build()

    def build(self):
        raise NotImplementedError

    def forward(self, x):
        return self.postprocess(self.ACT(self.layer(x)))


class ScaleMixin:
    def postprocess(self, x):
        return x * self.gain


class Model(ScaleMixin, Base):
    ACT = staticmethod(torch.sigmoid)

    def __init__(self, width: int = 7):
        super().__init__(width)

    def build(self):
        self.layer = nn.Linear(self.width, self.width)
        self.gain = nn.Parameter(torch.ones(self.width))

    def __repr__(self):
        return f"Model(width={self.width})"


def get_inputs():
    return [torch.randn(3, 7)]


def get_init_inputs():
    return []
