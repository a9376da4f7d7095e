import torch
import torch.nn as nn
from children.vector_field_5 import Model as VectorField


class RefactoredModel(nn.Module):
    def __init__(self, dim=5, dt=0.05):
        super().__init__()
        self.dt = dt
        self.f = VectorField()

    def forward(self, y):
        k1 = self.f(y)
        k2 = self.f(y + 0.5 * self.dt * k1)
        k3 = self.f(y + 0.5 * self.dt * k2)
        k4 = self.f(y + self.dt * k3)
        return y + self.dt / 6.0 * (k1 + 2 * k2 + 2 * k3 + k4)
