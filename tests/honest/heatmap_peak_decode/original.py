import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """CenterNet: local maxima of the heat map by max pooling, top-k, integer index arithmetic."""

    def __init__(self, k=5):
        super().__init__()
        self.k = k
        self.hm = nn.Conv2d(3, 2, 3, padding=1)
        self.wh = nn.Conv2d(3, 2, 1)

    def forward(self, f):
        heat = torch.sigmoid(self.hm(f))
        b, c, h, w = heat.shape
        hmax = F.max_pool2d(heat, 3, stride=1, padding=1)
        heat = heat * (hmax == heat).float()
        scores, inds = torch.topk(heat.view(b, -1), self.k)
        classes = inds // (h * w)
        inds = inds % (h * w)
        ys, xs = inds // w, inds % w
        wh = self.wh(f).flatten(2).transpose(1, 2)
        wh = wh.gather(1, inds.unsqueeze(-1).expand(-1, -1, 2))
        return torch.stack([xs, ys], -1).float() - wh / 2, scores, classes


def get_inputs():
    return [torch.randn(2, 3, 6, 5)]


def get_init_inputs():
    return []
