import torch
import torch.nn as nn
from children.shared_layer_12 import Model as SharedLayer
from children.linear_12x12_fp32 import Model as Pooler
from children.tanh_fp32 import Model as Tanh


class RefactoredModel(nn.Module):
    def __init__(self, d=12, repeats=4):
        super().__init__()
        self.shared = SharedLayer()
        self.repeats = repeats
        self.pooler = Pooler()
        self.tanh = Tanh()

    def forward(self, h):
        all_hidden = (h,)
        for _ in range(self.repeats):
            h = self.shared(h)
            all_hidden += (h,)
        return self.tanh(self.pooler(h[:, 0])), all_hidden


def get_init_inputs():
    return [12, 4]
