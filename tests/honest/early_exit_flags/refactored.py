import torch
import torch.nn as nn
from children.linear_7x7_fp32 import Model as Linear
from children.linear_7x2_fp32 import Model as Aux
from children.relu_fp32 import Model as Relu


class RefactoredModel(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.is_deep = config["deep"]
        self.has_aux = config.get("aux", False)
        self.stem = Linear()
        self.relu = Relu()
        if self.is_deep:
            self.deep = Linear()
        self.aux = Aux() if self.has_aux else None

    def forward(self, x):
        x = self.relu(self.stem(x))
        if not self.is_deep:
            return x
        y = self.relu(self.deep(x))
        if self.aux is None:
            return y
        return y, self.aux(x)


def get_init_inputs():
    return [{"dim": 7, "deep": True, "aux": True}]
