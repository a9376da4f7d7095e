import math
import torch
import torch.nn as nn
from collections import OrderedDict
from children.conv2d_4x8_1x1_fp32 import Model as Regress
from children.exp_fp32 import Model as Exp


def grid_centers(h, w, stride):
    ys, xs = torch.meshgrid(torch.arange(h), torch.arange(w), indexing="ij")
    return torch.stack([xs, ys], -1).reshape(-1, 1, 2) * stride + stride // 2


class RefactoredModel(nn.Module):
    def __init__(self, stride=8, ratios=(0.5, 1.0)):
        super().__init__()
        self.stride, self.ratios = stride, ratios
        self.reg = Regress()
        self.exp = Exp()

    def forward(self, f):
        b, _, h, w = f.shape
        n = len(self.ratios)
        centers = grid_centers(h, w, self.stride)
        sizes = torch.tensor([[self.stride * math.sqrt(r), self.stride / math.sqrt(r)] for r in self.ratios])
        deltas = self.reg(f).view(b, n, 4, h * w).permute(0, 3, 1, 2)
        xy = centers + deltas[..., :2] * sizes
        wh = sizes * self.exp(deltas[..., 2:])
        boxes = torch.cat([xy - wh / 2, xy + wh / 2], dim=-1).flatten(1, 2)
        anchors = torch.cat([centers.expand(-1, n, -1).float(), sizes.expand(h * w, -1, -1)], -1)
        return OrderedDict(boxes=boxes, grid=(h, w), anchors=anchors)
