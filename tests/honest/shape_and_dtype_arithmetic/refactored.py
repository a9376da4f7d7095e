import math
import torch
import torch.nn as nn
from children.linear_8x4_fp32 import Model as Score
from children.softmax_dimlast_fp32 import Model as Softmax


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.score = Score()
        self.softmax = Softmax()

    def forward(self, x, mask):
        *lead, d = x.shape
        n = math.prod(lead)
        s = self.score(x.reshape(n, d)).view(*lead, -1)
        bias = torch.zeros(s.shape, dtype=s.dtype, device=s.device).masked_fill_(~mask, torch.finfo(s.dtype).min)
        p = self.softmax(s + bias)
        steps = torch.linspace(0, 1, s.size(-1), device=x.device, dtype=p.dtype)
        return p * steps / math.sqrt(d) + torch.tensor(x.ndim, dtype=p.dtype), x.new_zeros(x.shape[:-1] + (2,))
