import torch
import torch.nn as nn
from children.linear_8x8_fp32 import Model as Linear
from children.tanh_fp32 import Model as Tanh


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = Linear()
        self.act = Tanh()
        self.fc2 = Linear()

    def forward(self, batch):
        y = self.act(self.fc1(batch['x']))
        scale = batch.get('scale')
        if scale is not None:
            y = y * scale
        return self.fc2(y)
