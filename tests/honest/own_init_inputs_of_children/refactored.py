import torch
import torch.nn as nn

import children.gelu_fp32 as gelu
import children.linear_6x8_fp32 as linear_in
import children.linear_8x4_fp32 as linear_out


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = linear_in.Model(*linear_in.get_init_inputs())
        self.act = gelu.Model(*gelu.get_init_inputs())
        self.fc2 = linear_out.Model(*linear_out.get_init_inputs())
        self.downsample = None
        self.eval()

    def forward(self, x):
        identity = x
        if self.downsample is not None:
            identity = self.downsample(x)
        return self.fc2(self.act(self.fc1(identity)))
