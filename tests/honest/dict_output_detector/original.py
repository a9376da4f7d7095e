import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Conv2d(4, 8, 3, padding=1)
        self.cls_head = nn.Conv2d(8, 3, 1)
        self.box_head = nn.Conv2d(8, 4, 1)

    def forward(self, images):
        f = F.relu(self.trunk(images))
        return {
            "scores": torch.sigmoid(self.cls_head(f)),
            "boxes": F.softplus(self.box_head(f)).flatten(2).transpose(1, 2),
            "stride": 1,
            "features": f,
        }


def get_inputs():
    return [torch.randn(2, 4, 6, 5)]


def get_init_inputs():
    return []
