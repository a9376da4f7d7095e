import math
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, n=8):
        super().__init__()
        self.fc = nn.Linear(n, n)
        self.ln = nn.LayerNorm(n)
        self.raw = nn.Parameter(torch.empty(n, n))
        self.register_parameter("unused", None)
        self.apply(self._init_weights)
        self.reset_parameters()

    def _init_weights(self, module):
        if isinstance(module, nn.Linear):
            module.weight.data.normal_(mean=0.0, std=0.02)
            if module.bias is not None:
                module.bias.data.zero_()
        elif isinstance(module, nn.LayerNorm):
            module.bias.data.zero_()
            module.weight.data.fill_(1.0)

    def reset_parameters(self):
        nn.init.kaiming_uniform_(self.raw, a=math.sqrt(5))

    def extra_repr(self):
        return f"n={self.raw.shape[0]}"

    def forward(self, x):
        return self.ln(self.fc(x)).matmul(self.raw)


def get_inputs():
    return [torch.randn(3, 8)]


def get_init_inputs():
    return []
