import torch
import torch.nn as nn
from children.conv2d_3x2_3x3_p1_fp32 import Model as HeatConv
from children.conv2d_3x2_1x1_fp32 import Model as SizeConv
from children.sigmoid_fp32 import Model as Sigmoid
from children.max_pool2d_k3_s1_p1_fp32 import Model as MaxPool
from children.topk_k5_fp32 import Model as TopK


class RefactoredModel(nn.Module):
    def __init__(self, k=5):
        super().__init__()
        self.hm = HeatConv()
        self.wh = SizeConv()
        self.sigmoid = Sigmoid()
        self.max_pool = MaxPool()
        self.topk = TopK()

    def forward(self, f):
        heat = self.sigmoid(self.hm(f))
        b, c, h, w = heat.shape
        heat = heat * (self.max_pool(heat) == heat).float()
        scores, inds = self.topk(heat.view(b, -1))
        classes = inds // (h * w)
        inds = inds % (h * w)
        ys, xs = inds // w, inds % w
        wh = self.wh(f).flatten(2).transpose(1, 2)
        wh = wh.gather(1, inds.unsqueeze(-1).expand(-1, -1, 2))
        return torch.stack([xs, ys], -1).float() - wh / 2, scores, classes
