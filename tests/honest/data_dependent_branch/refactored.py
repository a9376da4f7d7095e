import torch
import torch.nn as nn
from children.linear_12x1_fp32 import Model as Gate
from children.linear_12x12_fp32 import Model as Cheap
from children.rich_path import Model as Rich


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.gate = Gate()
        self.cheap = Cheap()
        self.rich = Rich()

    def forward(self, x):
        outputs = []
        for row in x.unbind(0):
            if self.gate(row) > 0:
                outputs.append(self.rich(row))
            else:
                outputs.append(self.cheap(row))
        return torch.stack(outputs)
