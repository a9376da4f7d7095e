import torch
import torch.nn as nn

from children.linear_16x24_fp32 import Model as Matmul
from children.clamp_m10_10_fp32 import Model as Clamp
from children.logsumexp_dim1_fp32 import Model as LogSumExp
from children.mish_fp32 import Model as Mish


class Model(nn.Module):
    def __init__(self, input_size, hidden_size, scale_factor, clamp_min, clamp_max):
        super(Model, self).__init__()
        self.matmul = Matmul()
        self.scale_factor = scale_factor
        self.clamp = Clamp(clamp_min, clamp_max)
        self.logsumexp = LogSumExp()
        self.mish = Mish()

    def forward(self, x):
        x = self.matmul(x)
        x = x * self.scale_factor
        x = x + x
        x = self.clamp(x)
        x = self.logsumexp(x)
        return x * self.mish(x)


batch_size, input_size, hidden_size = 8, 16, 24
scale_factor, clamp_min, clamp_max = 2.0, -10.0, 10.0


def get_inputs():
    return [torch.randn(batch_size, input_size)]


def get_init_inputs():
    return [input_size, hidden_size, scale_factor, clamp_min, clamp_max]
