import torch
import torch.nn as nn


class Model(nn.Module):
    """Delay-and-sum beamformer over complex array snapshots; one output is a lazily conjugated view."""

    def __init__(self, sensors=5, beams=3):
        super().__init__()
        self.steering = nn.Parameter(torch.randn(beams, sensors, dtype=torch.complex64))

    def forward(self, snapshots):
        y = torch.matmul(self.steering.conj(), snapshots)
        power = y.abs() ** 2
        return y.conj(), power, torch.angle(y), y.real, y.imag


def get_inputs():
    return [torch.randn(2, 5, 7, dtype=torch.complex64)]


def get_init_inputs():
    return []
