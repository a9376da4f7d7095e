import torch
import torch.nn as nn


class Model(nn.Module):
    """Image head plus a head over the region proposals, of which this image has none."""

    def __init__(self):
        super().__init__()
        self.image_head = nn.Linear(16, 5)
        self.region_head = nn.Linear(16, 3)

    def forward(self, image, regions):
        return torch.relu(self.image_head(image)), torch.relu(self.region_head(regions))


def get_inputs():
    return [torch.randn(2, 16), torch.randn(0, 16)]


def get_init_inputs():
    return []
