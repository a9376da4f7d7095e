import torch
import torch.nn as nn

from children.linear_32x64_nobias_bf16 import Model as GateProj
from children.linear_32x64_nobias_bf16 import Model as UpProj
from children.linear_64x32_nobias_bf16 import Model as DownProj
from children.silu_bf16 import Model as SiLU


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.gate = GateProj()
        self.up = UpProj()
        self.down = DownProj()
        self.silu = SiLU()

    def forward(self, x):
        gate = self.silu(self.gate(x))
        up = self.up(x)
        return self.down(gate * up)


def get_inputs():
    return [torch.randn(2, 5, 32, dtype=torch.bfloat16)]


def get_init_inputs():
    return []
