import torch
import torch.nn as nn
from children.prompt_0x6_fp32 import Model as Prompt
from children.linear_6x6_fp32 import Model as Fc
from children.erf_fp32 import Model as Erf
from children.alpha_scale_fp32 import Model as Alpha


class RefactoredModel(nn.Module):
    def __init__(self, n_prompt=0, dim=6):
        super().__init__()
        self.prompt = Prompt()
        self.fc = Fc()
        self.erf = Erf()
        self.alpha = Alpha()

    def forward(self, x):
        h = torch.cat([self.prompt(x.size(0)), x], dim=1)
        return self.alpha(self.erf(self.fc(h)))
