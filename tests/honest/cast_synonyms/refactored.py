import torch
import torch.nn as nn
from children.linear_5x4_fp32 import Model as Fc


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = Fc()

    def forward(self, x, ref):
        y = self.fc(x.type(torch.float32))
        scaled = y * 10
        return (y.double(), y.to(ref), y.type_as(ref), scaled.int(), scaled.to(torch.int16), y.bool(), y.to(dtype=torch.bfloat16),
                y.to(torch.float8_e4m3fn), y.view(torch.int32), y.to("cpu", torch.float16))
