import math
import torch
import torch.nn as nn
from collections import OrderedDict


class Model(nn.Module):
    def __init__(self, stride=8, ratios=(0.5, 1.0)):
        super().__init__()
        self.stride, self.ratios = stride, ratios
        self.reg = nn.Conv2d(4, 4 * len(ratios), 1)

    def forward(self, f):
        b, _, h, w = f.shape
        ys, xs = torch.meshgrid(torch.arange(h), torch.arange(w), indexing="ij")
        centers = torch.stack([xs, ys], -1).reshape(-1, 1, 2) * self.stride + self.stride // 2
        sizes = torch.tensor([[self.stride * math.sqrt(r), self.stride / math.sqrt(r)] for r in self.ratios])
        deltas = self.reg(f).view(b, len(self.ratios), 4, h * w).permute(0, 3, 1, 2)
        xy = centers + deltas[..., :2] * sizes
        wh = sizes * torch.exp(deltas[..., 2:])
        boxes = torch.cat([xy - wh / 2, xy + wh / 2], dim=-1).flatten(1, 2)
        return OrderedDict(boxes=boxes, grid=(h, w), anchors=torch.cat([centers.expand(-1, len(sizes), -1).float(), sizes.expand(h * w, -1, -1)], -1))


def get_inputs():
    return [torch.randn(2, 4, 3, 5)]


def get_init_inputs():
    return []
